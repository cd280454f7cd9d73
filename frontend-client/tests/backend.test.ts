import { afterEach, describe, expect, test } from 'vitest';
import { client } from '#lib/api/client.gen.ts';
import { unwrap, changePodcast, getPodcast, listMail, uploadMail } from '#lib/backend.ts';
import { ListenerChanged } from '#lib/listener_scope.svelte.ts';
import { session } from '#lib/session.svelte.ts';
import { ApiError, UNREACHABLE } from '#lib/api_error.ts';
import { json, startServer } from './local_server';

const ada = { id: 'ada', address: null };
let close = () => {};

afterEach(() => {
	close();
	session.setListener(null);
});

async function catchApiError(call: Promise<unknown>): Promise<ApiError> {
	const error = await call.catch((error: unknown) => error);
	expect(error).toBeInstanceOf(ApiError);
	return error as ApiError;
}

test('the token is sent with a request', async () => {
	const server = await startServer((response) => json(response, 200, []));
	close = server.close;
	session.setListener(ada, { token: 'a-token' });

	expect(await unwrap(listMail())).toEqual([]);
	expect(server.requests[0]!.headers.authorization).toBe('Bearer a-token');
});

test('without a token no header is sent', async () => {
	const server = await startServer((response) => json(response, 200, []));
	close = server.close;
	await unwrap(listMail());

	expect(server.requests[0]!.headers).not.toHaveProperty('authorization');
});

test('a problem becomes an error with its message', async () => {
	close = (
		await startServer((response) => json(response, 404, { detail: 'There is no such episode.' }))
	).close;
	const error = await catchApiError(unwrap(getPodcast({ path: { id: 'x' } })));

	expect([error.message, error.status]).toEqual(['There is no such episode.', 404]);
});

test('a rejected token is removed', async () => {
	const server = await startServer((response) =>
		json(response, 401, { detail: 'Please sign in first.' })
	);
	close = server.close;
	session.setListener(ada, { token: 'an-old-token' });
	await expect(unwrap(listMail())).rejects.toBeInstanceOf(ListenerChanged);

	expect([session.listener, await session.token()]).toEqual([null, null]);
	expect(server.requests).toHaveLength(1); // without a cookie there is no other session to find
});

test('an unreachable server gives a message of its own', async () => {
	client.setConfig({ baseUrl: 'http://127.0.0.1:9' });
	const error = await catchApiError(unwrap(listMail()));

	expect([error.message, error.status]).toEqual([UNREACHABLE, undefined]);
});

test('a file is sent as form data', async () => {
	const server = await startServer((response) => json(response, 200, { mails: [], skipped: [] }));
	close = server.close;
	await unwrap(uploadMail({ body: { file: new File(['Subject: Hello'], 'hello.eml') } }));

	expect(server.requests[0]!.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
});

describe.each([
	{ status: 403, type: '/problems/forged-request' },
	{ status: 401, type: '/problems/sign-in-needed' }
])('a cookie rejected with $status', (problem) => {
	/**
	 * `status` and `body` are the response to `GET /api/session`; the backend accepts the CSRF token
	 * `current`.
	 */
	async function backend(current: string, [status, body]: [number, object]) {
		const server = await startServer((response, requests) => {
			const { path, headers } = requests.at(-1)!;
			if (path === '/api/session') json(response, status, body);
			else if (headers['x-csrf-token'] !== current) json(response, problem.status, problem);
			else json(response, 200, { id: 'e', title: 'New' });
		});
		close = server.close;
		session.setListener(ada, { csrf: 'old' });
		const tokens = () =>
			server.requests.map(({ path, headers }) => [path, headers['x-csrf-token']]);
		return { server, tokens };
	}
	const rename = () => unwrap(changePodcast({ path: { id: 'e' }, body: { title: 'New' } }));
	const signedIn = (user_id: string): [number, object] => [200, { user_id, csrf_token: 'new' }];

	test('is checked once, and the request is repeated once', async () => {
		const { server, tokens } = await backend('new', signedIn('ada'));

		expect(await rename()).toMatchObject({ title: 'New' });
		expect(tokens()).toEqual([
			['/api/podcast/e', 'old'],
			['/api/session', undefined],
			['/api/podcast/e', 'new']
		]);
		expect(server.requests[2]!.body).toBe('{"title":"New"}');
		expect(session.listener?.id).toBe('ada');
	});

	test('signs out if it is rejected again', async () => {
		const { server } = await backend('none', signedIn('ada'));

		await expect(rename()).rejects.toBeInstanceOf(ListenerChanged);
		expect(session.listener).toBeNull();
		expect(server.requests).toHaveLength(3);
	});

	test('is not used for a request of another listener', async () => {
		const { tokens } = await backend('new', signedIn('eve'));

		await expect(rename()).rejects.toBeInstanceOf(ListenerChanged);
		expect(session.listener?.id).toBe('eve');
		expect(tokens().at(-1)).toEqual(['/api/session', undefined]);
	});

	test('signs out if the browser has no session any more', async () => {
		const { tokens } = await backend('new', [401, { type: '/problems/sign-in-needed' }]);

		await expect(rename()).rejects.toBeInstanceOf(ListenerChanged);
		expect(session.listener).toBeNull();
		expect(tokens().at(-1)).toEqual(['/api/session', undefined]);
	});
});

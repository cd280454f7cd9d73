import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listMail } from '#lib/backend.ts';
import { session } from '#lib/session.svelte.ts';
import { codeIn, resumeSession } from '#lib/sign_in.ts';
import { ApiError } from '#lib/api_error.ts';
import { installStorage } from './fake_storage';
import { json, startServer, type ReceivedRequest } from './local_server';

test.each([
	'http://127.0.0.1:8000/dashboard#code=Ab3_-xYz12',
	'#code=Ab3_-xYz12',
	'code=Ab3_-xYz12',
	' Ab3_-xYz12 '
])('%j contains a code', (pasted) => {
	expect(codeIn(pasted)).toBe('Ab3_-xYz12');
});

test.each(['', 'http://127.0.0.1:8000/dashboard', '#', 'two words', '<script>'])(
	'%j contains no code',
	(pasted) => {
		expect(codeIn(pasted)).toBeNull();
	}
);

describe('a bearer token stored by an older version', () => {
	const TOKEN = 'audiobrew.session';
	const SESSION = { user_id: 'ada', expires_at: '2027-01-01T00:00:00Z', csrf_token: 'csrf' };
	const ENDED = { type: '/problems/sign-in-needed' };
	let stored: Map<string, string>;
	let requests: ReceivedRequest[];
	let close = () => {};

	/** `trade` is the status of `POST /api/session/browser`, `found` of all other requests. */
	async function backend(trade: number, found = 200) {
		const server = await startServer((response, requests) => {
			const status = requests.at(-1)!.path === '/api/session/browser' ? trade : found;
			json(response, status, status < 400 ? SESSION : ENDED);
		});
		({ requests, close } = server);
	}

	beforeEach(() => {
		stored = installStorage('whole', { [TOKEN]: 'a-token' });
	});
	afterEach(() => {
		session.setListener(null);
		close();
	});

	test('is exchanged for a cookie and removed from storage', async () => {
		await backend(201);
		await resumeSession();
		await listMail();

		expect(requests.map(({ path, headers }) => [path, headers.authorization])).toEqual([
			['/api/session/browser', 'Bearer a-token'],
			['/api/mail', undefined]
		]);
		expect(requests[1]!.headers['x-csrf-token']).toBe('csrf');
		expect([session.listener?.id, stored.has(TOKEN)]).toEqual(['ada', false]);
	});

	test('is removed if it has expired, and the browser’s own session is used', async () => {
		await backend(401);
		await resumeSession();

		expect(requests.map(({ path, headers }) => [path, headers.authorization])).toEqual([
			['/api/session/browser', 'Bearer a-token'],
			['/api/session', undefined]
		]);
		expect([session.listener?.id, stored.has(TOKEN)]).toEqual(['ada', false]);
	});

	test('signs nobody in if it has expired and there is no other session', async () => {
		await backend(401, 401);
		await resumeSession();

		expect([session.listener, stored.has(TOKEN)]).toEqual([null, false]);
	});

	test('stays in storage while the backend does not respond', async () => {
		await backend(503, 503);

		await expect(resumeSession()).rejects.toBeInstanceOf(ApiError);
		expect(stored.get(TOKEN)).toBe('a-token');
		close();
		await backend(201);
		await resumeSession();
		expect([session.listener?.id, stored.has(TOKEN)]).toEqual(['ada', false]);
	});
});

import { afterEach, expect, test } from 'vitest';
import { client } from '$lib/api/client.gen';
import { answer, getPodcast, listMail, uploadMail } from '$lib/backend';
import { ListenerChanged } from '$lib/listener_scope.svelte';
import { session } from '$lib/session.svelte';
import { Trouble, UNREACHABLE } from '$lib/trouble';
import { json, loopback } from './loopback';

const ada = { id: 'ada', address: null };
let close = () => {};

afterEach(() => {
	close();
	session.become(null);
});

async function troubleOf(call: Promise<unknown>): Promise<Trouble> {
	const thrown = await call.catch((thrown: unknown) => thrown);
	expect(thrown).toBeInstanceOf(Trouble);
	return thrown as Trouble;
}

test('whoever is signed in says so', async () => {
	const server = await loopback((response) => json(response, 200, []));
	close = server.close;
	session.become(ada, { token: 'a-token' });

	expect(await answer(listMail())).toEqual([]);
	expect(server.asked[0]!.headers.authorization).toBe('Bearer a-token');
});

test('without a token none is sent', async () => {
	const server = await loopback((response) => json(response, 200, []));
	close = server.close;
	await answer(listMail());

	expect(server.asked[0]!.headers).not.toHaveProperty('authorization');
});

test('a problem becomes its sentence', async () => {
	close = (
		await loopback((response) => json(response, 404, { detail: 'There is no such episode.' }))
	).close;
	const trouble = await troubleOf(answer(getPodcast({ path: { id: 'x' } })));

	expect([trouble.message, trouble.status]).toEqual(['There is no such episode.', 404]);
});

test('a token that is refused is forgotten', async () => {
	close = (await loopback((response) => json(response, 401, { detail: 'Please sign in first.' })))
		.close;
	session.become(ada, { token: 'an-old-token' });
	await expect(answer(listMail())).rejects.toBeInstanceOf(ListenerChanged);

	expect([session.listener, await session.current()]).toEqual([null, null]);
});

test('a server that is not there is said to be silent', async () => {
	client.setConfig({ baseUrl: 'http://127.0.0.1:9' });
	const trouble = await troubleOf(answer(listMail()));

	expect([trouble.message, trouble.status]).toEqual([UNREACHABLE, undefined]);
});

test('a file is sent as a form', async () => {
	const server = await loopback((response) => json(response, 200, { mails: [], skipped: [] }));
	close = server.close;
	await answer(uploadMail({ body: { file: new File(['Subject: Hello'], 'hello.eml') } }));

	expect(server.asked[0]!.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
});

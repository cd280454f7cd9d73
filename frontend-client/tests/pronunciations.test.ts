/** The listener's words are stored, found in any case, and deleted. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { client } from '#lib/api/client.gen.ts';
import type { StoredWord } from '#lib/api/index.ts';
import { pronunciations } from '#lib/features/episode/pronunciation/pronunciations.svelte.ts';
import { session } from '#lib/session.svelte.ts';
import { installStorage } from './fake_storage';

let words: StoredWord[] = [];
let close = () => {};

async function reply(request: IncomingMessage, response: ServerResponse) {
	let body = '';
	for await (const piece of request) body += piece;
	const id = new URL(request.url ?? '', 'http://here').pathname.split('/')[3];
	if (request.method === 'DELETE') {
		const isGone = !words.some((word) => word.id === id);
		words = words.filter((word) => word.id !== id);
		const problem = { type: '/problems/pronunciation-not-found', title: 'Gone.', status: 404 };
		response.writeHead(isGone ? 404 : 204, { 'Content-Type': 'application/problem+json' });
		return response.end(isGone ? JSON.stringify(problem) : undefined);
	}
	if (request.method === 'PUT') {
		const { word, say } = JSON.parse(body);
		words = [...words, { id: `w${words.length}`, word, say, created_at: '' }];
	}
	const answer = request.method === 'PUT' ? words.at(-1) : words;
	response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
}

beforeEach(async () => {
	words = [];
	installStorage();
	const server = createServer((request, response) => void reply(request, response));
	await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
	client.setConfig({ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
	close = () => (server.closeAllConnections(), server.close());
	session.setListener({ id: 'ada', address: null }, { token: 'a' });
});
afterEach(() => {
	session.setListener(null);
	close();
});

test('a word is stored and found in any case', async () => {
	await pronunciations.put('Nguyen', 'Win');

	expect(pronunciations.find('NGUYEN')?.say).toBe('Win');
	expect(pronunciations.find('Nguyens')).toBeUndefined();
});

test('a word is deleted, even if another tab was faster', async () => {
	await pronunciations.put('Nguyen', 'Win');
	await pronunciations.put('GIF', 'jiff');
	const [first, second] = pronunciations.list ?? [];
	words = words.filter((word) => word.word !== 'GIF');
	await pronunciations.delete(first!);
	await pronunciations.delete(second!);

	expect(pronunciations.list).toEqual([]);
	expect(words).toEqual([]);
});

test('another listener has other words', async () => {
	await pronunciations.put('Nguyen', 'Win');
	session.setListener({ id: 'bob', address: null }, { token: 'b' });

	expect(pronunciations.list).toBeNull();
});

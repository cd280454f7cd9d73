/** The latest position counts, whichever device sends it and whenever it arrives. */

import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Playback, Podcast } from '#lib/api/index.ts';
import { playbackPositions } from '#lib/features/episode/player/playback_positions.svelte.ts';
import { session } from '#lib/session.svelte.ts';
import { installStorage } from './fake_storage';
import { json, startServer, type ReceivedRequest } from './local_server';

const OWN_TIME = '2026-11-24T07:00:00.5Z';
const ID = 'e';
let close = () => {};

beforeEach(() => {
	installStorage();
	session.setListener({ id: 'ada', address: null }, { token: 'a' });
});
afterEach(() => {
	session.setListener(null);
	close();
});

const playback = (seconds: number, heard_at = OWN_TIME, finished = false): Playback => ({
	seconds,
	finished,
	heard_at,
	client: 'Firefox on Android'
});
const episode = (heard: Playback | null = null) =>
	({ id: ID, seconds: 300, playback: heard }) as Podcast;

/** Answers with what `stored` returns for a request's body. */
async function serve(stored: (body: { seconds: number }) => Playback) {
	const server = await startServer((response: ServerResponse, requests: ReceivedRequest[]) =>
		json(response, 200, stored(JSON.parse(requests.at(-1)!.body)))
	);
	close = server.close;
	return server;
}

test('a position that was not sent counts, and is sent with its age', async () => {
	playbackPositions.save(ID, 60, 300);
	expect(playbackPositions.start(episode(playback(200, '2030-01-01T00:00:00Z')))).toBe(60);
	const { requests } = await serve(({ seconds }) => playback(seconds));
	await playbackPositions.flush();
	await playbackPositions.flush();

	expect(requests.map(({ path }) => path)).toEqual([`/api/podcast/${ID}/playback`]);
	expect(JSON.parse(requests[0]!.body)).toMatchObject({ seconds: 60, finished: false });
	expect(JSON.parse(requests[0]!.body).age_seconds).toBeGreaterThanOrEqual(0);
});

test('after it was sent, a later position of another device counts', async () => {
	await serve(({ seconds }) => playback(seconds));
	playbackPositions.save(ID, 60, 300);
	await playbackPositions.send(ID);
	const before = episode(playback(20, '2026-11-24T06:59:00Z'));
	const later = episode(playback(200, '2026-11-24T07:00:01Z'));

	expect(playbackPositions.start(before)).toBe(60);
	expect(playbackPositions.elsewhere(before)).toBeNull();
	expect(playbackPositions.start(later)).toBe(200);
	expect(playbackPositions.elsewhere(later)?.client).toBe('Firefox on Android');
});

test('a position that the backend did not store makes room for the one that it holds', async () => {
	await serve(() => playback(200));
	playbackPositions.save(ID, 60, 300);
	await playbackPositions.send(ID);

	expect(playbackPositions.start(episode(playback(200)))).toBe(200);
	playbackPositions.save(ID, 210, 300);
	expect(playbackPositions.start(episode(playback(200)))).toBe(210);
});

test('a position that is stored while another one is sent is sent after it', async () => {
	const { requests } = await serve(({ seconds }) => playback(seconds));
	playbackPositions.save(ID, 60, 300);
	const sending = playbackPositions.send(ID);
	playbackPositions.save(ID, 61, 300);
	await Promise.all([sending, playbackPositions.send(ID)]);

	expect(requests.map(({ body }) => JSON.parse(body).seconds)).toEqual([60, 61]);
});

test('without an answer it is kept for the next visit', async () => {
	const server = await startServer((response) => response.destroy());
	close = server.close;
	playbackPositions.save(ID, 60, 300);
	await playbackPositions.send(ID);
	session.setListener(null);
	session.setListener({ id: 'ada', address: null }, { token: 'a' });
	server.close();
	const { requests } = await serve(({ seconds }) => playback(seconds));
	await playbackPositions.flush();

	expect(requests).toHaveLength(1);
});

test('another listener sends and sees nothing of it', async () => {
	const { requests } = await serve(({ seconds }) => playback(seconds));
	playbackPositions.save(ID, 60, 300);
	session.setListener({ id: 'eve', address: null }, { token: 'e' });
	await playbackPositions.flush();

	expect(requests).toEqual([]);
	expect(playbackPositions.start(episode())).toBe(0);
});

test('a finished episode begins at its beginning, and can be marked as not begun', async () => {
	await serve(({ seconds }) => playback(seconds, OWN_TIME, seconds > 0));
	playbackPositions.save(ID, 297, 300);
	expect(playbackPositions.of(episode()).finished).toBe(true);
	expect(playbackPositions.start(episode())).toBe(0);
	await playbackPositions.mark(episode(), false);

	expect(playbackPositions.of(episode())).toMatchObject({ seconds: 0, finished: false });
});

test('a deleted episode loses its position', async () => {
	const problem = { type: '/problems/episode-not-found', title: 'Gone.', status: 404 };
	const server = await startServer((response) => json(response, 404, problem));
	close = server.close;
	playbackPositions.save(ID, 60, 300);
	await playbackPositions.send(ID);

	expect(playbackPositions.start(episode())).toBe(0);
});

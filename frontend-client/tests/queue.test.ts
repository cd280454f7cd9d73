/** What comes up next is the same on every device, and does not wake a listener. */

import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Podcast } from '#lib/api/index.ts';
import { player } from '#lib/features/episode/player/player.svelte.ts';
import { queue } from '#lib/features/episode/queue.svelte.ts';
import { session } from '#lib/session.svelte.ts';
import { installStorage } from './fake_storage';
import { json, startServer, type ReceivedRequest } from './local_server';

const episode = (id: string) =>
	({ id, title: id, status: 'ready', seconds: 300, audio_url: `/${id}.mp3` }) as Podcast;
const heard = { seconds: 300, finished: true, heard_at: '2026-11-24T07:00:00Z', client: '' };
/** What the backend holds. */
let stored: string[];
let close: () => void;

beforeEach(async () => {
	installStorage();
	session.setListener({ id: 'ada', address: null }, { token: 'a' });
	const server = await startServer((response, requests: ReceivedRequest[]) => {
		const { path, body } = requests.at(-1)!;
		if (path.endsWith('/playback')) return json(response, 200, heard);
		if (body) stored = JSON.parse(body).episode_ids;
		json(response, 200, stored.map(episode));
	});
	close = server.close;
});
afterEach(() => {
	session.setListener(null);
	close();
});

test('a change keeps what another device has added since', async () => {
	stored = ['a', 'b'];
	await queue.load();
	stored = ['a', 'b', 'c'];
	await queue.remove('a');
	expect(stored).toEqual(['b', 'c']);

	stored = ['b', 'c', 'd'];
	await queue.move('c', -1);
	expect(stored).toEqual(['c', 'b', 'd']);

	stored = ['b', 'd'];
	await queue.move('c', -1);
	expect(stored).toEqual(['b', 'd']);
});

/** Play an episode of 300 seconds to its end, as a browser reports it. */
async function playToTheEnd() {
	player.episode = episode('z');
	player.duration = player.time = 300;
	player.sleep.reached(player.time);
	player.paused = true;
	await player.handleEnded();
}

test('the next episode plays after the present one', async () => {
	stored = ['a'];
	await playToTheEnd();

	expect(player.episode?.id).toBe('a');
	expect(stored).toEqual([]);
});

test.each([
	['it says', 300],
	['it said before the browser knew better', 301]
])(
	'a listener who sleeps at the end of the last chapter hears nothing else: %s',
	async (_, end) => {
		stored = ['a'];
		player.episode = episode('z');
		player.sleep.set('chapter', [100, end], 200);
		await playToTheEnd();

		expect(player.episode?.id).toBe('z');
		expect(stored).toEqual(['a']);
		expect(player.sleep.choice).toBe(0);
		player.handlePlaying();
		await playToTheEnd();
		expect(player.episode?.id).toBe('a');
	}
);

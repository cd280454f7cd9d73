/** What is stored on a device belongs to one listener, who is confirmed before the first request. */

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { findSession, listPodcasts } from '#lib/backend.ts';
import { deviceCacheName, hasDeviceCaches } from '#lib/pwa/device_caches.ts';
import { session } from '#lib/session.svelte.ts';
import { installStorage } from './fake_storage';
import { json, startServer } from './local_server';

const ada = { id: 'ada', address: null };
const eve = { id: 'eve', address: null };
const APP = 'audiobrew-app-1';
let names: Set<string>;
let close = () => {};

beforeEach(() => {
	installStorage();
	names = new Set([APP, deviceCacheName('ada')]);
	vi.stubGlobal('caches', {
		keys: async () => [...names],
		delete: async (name: string) => names.delete(name)
	});
});

afterEach(() => {
	close();
	session.setListener(null);
	session.setFinder(async () => {});
	vi.unstubAllGlobals();
});

test('the listener keeps what is theirs, and loses what was somebody else’s', async () => {
	names.add(deviceCacheName('eve'));
	session.setListener(ada, { token: 'a' });

	await vi.waitFor(() => expect([...names]).toEqual([APP, deviceCacheName('ada')]));
	expect(await hasDeviceCaches()).toBe(true);
});

test('nothing stays after signing out', async () => {
	session.setListener(ada, { token: 'a' });
	await session.end();

	expect([...names]).toEqual([APP]);
	expect(session.lastListener).toBeNull();
	expect(await hasDeviceCaches()).toBe(false);
});

test('nothing stays when the session has ended, also if nobody was seen here yet', async () => {
	const server = await startServer((response) => json(response, 401, { title: 'Sign in' }));
	close = server.close;
	await findSession();

	expect([...names]).toEqual([APP]);
});

test('a session that cannot be checked keeps everything', async () => {
	const server = await startServer((response) => response.destroy());
	close = server.close;

	await expect(findSession()).rejects.toThrow();
	expect([...names]).toEqual([APP, deviceCacheName('ada')]);
});

test('no request is sent for the listener of the last visit until they are confirmed', async () => {
	const server = await startServer((response) => json(response, 200, []));
	close = server.close;
	session.setFinder(async () => {}); // the server cannot be reached
	session.assume(ada);

	expect((await listPodcasts()).response).toBeUndefined();
	expect(server.requests).toEqual([]);
	session.setFinder(async () => session.setListener(ada, { token: 'a' }));
	expect((await listPodcasts()).data).toEqual([]);
	expect(server.requests.map(({ path }) => path)).toEqual(['/api/podcast/list']);
});

test('if somebody else is signed in, nothing is sent or kept for the listener of the last visit', async () => {
	const server = await startServer((response) => json(response, 200, []));
	close = server.close;
	session.assume(ada);
	session.setFinder(async () => session.setListener(eve, { token: 'e' }));

	expect((await listPodcasts()).response).toBeUndefined();
	expect(server.requests).toEqual([]);
	await vi.waitFor(() => expect([...names]).toEqual([APP]));
});

test('blocked storage has nothing to delete', async () => {
	vi.stubGlobal('caches', {
		keys: async () => {
			throw new DOMException('no', 'SecurityError');
		}
	});
	session.setListener(ada, { token: 'a' });
	await session.end();

	expect(session.listener).toBeNull();
	expect(await hasDeviceCaches()).toBe(false);
});

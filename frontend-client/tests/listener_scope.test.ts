/** No store and no late response keeps data of the previous listener. */

import { globSync, readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { unwrap, deletePodcast, listMail } from '#lib/backend.ts';
import { inbox } from '#lib/features/inbox/inbox.svelte.ts';
import { order } from '#lib/features/episode/order/order.svelte.ts';
import '#lib/features/episode/downloads/downloads.svelte.ts';
import '#lib/features/episode/library.svelte.ts';
import '#lib/features/episode/queue.svelte.ts';
import '#lib/features/episode/order/quote.svelte.ts';
import '#lib/features/episode/pronunciation/pronunciations.svelte.ts';
import '#lib/features/inbox/imports.svelte.ts';
import '#lib/features/inbox/rules.svelte.ts';
import '#lib/features/inbox/uploads.svelte.ts';
import { player } from '#lib/features/episode/player/player.svelte.ts';
import { episodes } from '#lib/features/episode/episodes.svelte.ts';
import { ListenerChanged, perListener, scope } from '#lib/listener_scope.svelte.ts';
import '#lib/features/feed/feed_tokens.svelte.ts';
import '#lib/features/gmail/gmail.svelte.ts';
import '#lib/features/home/home_account.svelte.ts';
import '#lib/features/home/people.svelte.ts';
import '#lib/features/schedule/schedule.svelte.ts';
import '#lib/features/search/search.svelte.ts';
import '#lib/features/sources/sources.svelte.ts';
import '#lib/notices.svelte.ts';
import { session } from '#lib/session.svelte.ts';
import { installStorage } from './fake_storage';
import { json, startServer } from './local_server';

/** Modules without a listener's data, and why. */
const WITHOUT_LISTENER_DATA: Record<string, string> = {
	'src/lib/appearance.svelte.ts': 'how this browser shows the app',
	'src/lib/connection.svelte.ts': 'whether the backend answers',
	'src/lib/listener_scope.svelte.ts': 'the registry itself',
	'src/lib/route_preloader.svelte.ts': 'which pages are loaded',
	'src/lib/session.svelte.ts': 'who listens: it makes the change',
	'src/lib/pwa/app_updates.svelte.ts': 'which version of the app is stored',
	'src/lib/features/account/supabase.svelte.ts': 'signs in',
	'src/lib/features/episode/player/player_keys.svelte.ts': 'whether the list of keys is open',
	'src/lib/features/search/search_key.svelte.ts': 'whether this browser uses the key /',
	'src/lib/features/home/invitation.svelte.ts': 'the link of somebody who has no account yet'
};
const CANARY = 'canary-of-ada';
const ada = { id: 'ada', address: CANARY };
const eve = { id: 'eve', address: null };
const sources = globSync('src/lib/**/*.svelte.ts');
let close = () => {};

beforeEach(() => {
	installStorage();
	session.setListener(ada, { token: 'a' });
});
afterEach(() => {
	session.setListener(null);
	close();
});

describe.each(sources)('%s', (file) => {
	test('exports no store that outlives its listener', () => {
		const text = readFileSync(file, 'utf8');
		const lasting = /^export const \w+ = (?:new |\$state)|^(?:export )?let \w+/m.test(text);
		const bare = /^const \w+ = (?:new (?!Map|Set)|\$state)/m.test(text);

		expect((lasting || bare) && !(file in WITHOUT_LISTENER_DATA)).toBe(false);
	});
});

test('every store is found', () => {
	const stores = sources.filter((file) => /= perListener\(/.test(readFileSync(file, 'utf8')));

	expect(stores.length).toBeGreaterThanOrEqual(9);
	expect(scope.slots.size).toBe(stores.length);
});

test('every store is replaced by an empty one when the listener changes', () => {
	const before = [...scope.slots].map((slot) => slot.current);
	const fresh = before.map(serialize);
	for (const store of before) fill(store);
	expect(before.map(serialize).join()).toContain(CANARY);
	session.setListener(eve, { token: 'e' });
	const after = [...scope.slots].map((slot) => slot.current);

	expect(after.filter((store) => before.includes(store))).toEqual([]);
	expect(after.map(serialize)).toEqual(fresh);
	expect(session.listener).toEqual(eve);
});

/** Put the canary into every writable field. */
function fill(store: object) {
	for (const name of Object.keys(store)) {
		try {
			Reflect.set(store, name, [{ id: CANARY }]);
		} catch {
			// It is not writable.
		}
	}
}

/** All fields of a store as text. */
function serialize(store: object): string {
	const fields = Object.keys(store).map((name) => [name, Reflect.get(store, name)]);
	return JSON.stringify(fields, (_, value) =>
		value instanceof Map || value instanceof Set ? [...value] : value
	);
}

describe('a late response', () => {
	async function holdResponse(status: number, body: object) {
		let release = () => {};
		const server = await startServer((response: ServerResponse) => {
			release = () => json(response, status, body);
		});
		close = server.close;
		return { server, release: () => release() };
	}
	const waitFor = async (ready: () => boolean) => {
		while (!ready()) await new Promise((soon) => setTimeout(soon, 5));
	};

	test('is dropped, and its request is aborted', async () => {
		const { server, release } = await holdResponse(200, [
			{ id: 'm', subject: CANARY, newsletter: true }
		]);
		const loading = inbox.load();
		await waitFor(() => server.requests.length === 1);
		session.setListener(eve, { token: 'e' });
		release();

		await expect(loading).rejects.toBeInstanceOf(ListenerChanged);
		expect(inbox.mails).toBeNull();
	});

	test('does not sign out the next listener', async () => {
		const { server, release } = await holdResponse(401, { type: '/problems/sign-in-needed' });
		const asking = unwrap(listMail());
		await waitFor(() => server.requests.length === 1);
		session.setListener(eve, { token: 'e' });
		release();

		await expect(asking).rejects.toBeInstanceOf(ListenerChanged);
		expect(session.listener).toEqual(eve);
	});

	test('a request of the previous listener is not sent for the next one', async () => {
		const server = await startServer((response) => json(response, 200, []));
		close = server.close;
		const deleting = unwrap(deletePodcast({ path: { id: 'x' } }));
		session.setListener(eve, { token: 'e' }); // before the request was sent

		await expect(deleting).rejects.toBeInstanceOf(ListenerChanged);
		expect(server.requests).toEqual([]);
	});
});

test('a 401 and another sign-in in the same tab leave no data', async () => {
	close = (
		await startServer((response) => json(response, 401, { type: '/problems/sign-in-needed' }))
	).close;
	order.minutes = 42;
	episodes.byId.set(CANARY, { id: CANARY } as never);
	await unwrap(listMail()).catch(() => {});
	expect(session.listener).toBeNull();
	session.setListener(eve, { token: 'e' });

	expect([order.minutes, episodes.byId.size, player.episode]).toEqual([5, 0, null]);
});

test('methods of the previous store change only that store', async () => {
	const plain = perListener(() => ({ value: '', set: async (text: string) => void text }));
	class Slow {
		value = '';
		async set(text: string) {
			await Promise.resolve();
			this.value = text;
		}
	}
	const slow = perListener(() => new Slow());
	const setting = slow.set(CANARY);
	scope.setListener('eve');
	await setting;

	expect(slow.value).toBe('');
	expect(plain.value).toBe('');
});

/** One event stream for all brews of a listener. */

import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { BrewEvents, type TabEvent } from '#lib/features/episode/brew_events.ts';
import { scope } from '#lib/listener_scope.svelte.ts';
import { json, startServer, type ReceivedRequest } from './local_server';

const progress = (podcast_id: string, percent: number) => ({
	event: 'progress',
	podcast_id,
	stage: 'speaking',
	done: 1,
	total: 2,
	percent
});
const snapshot = { event: 'snapshot', brews: [] };
let close = () => {};
let events: TabEvent[] = [];
let polls = 0;
let controller = new AbortController();

beforeEach(() => {
	[events, polls, controller] = [[], 0, new AbortController()];
	scope.setListener('ada');
});
afterEach(() => {
	controller.abort();
	scope.setListener(null);
	close();
	vi.unstubAllGlobals();
});

function sendEvents(response: ServerResponse, ...events: object[]) {
	response.writeHead(200, { 'Content-Type': 'text/event-stream' });
	response.write(': still here\n\n');
	for (const event of events) response.write(`data: ${JSON.stringify(event)}\n\n`);
}

async function follow(reply: (response: ServerResponse, requests: ReceivedRequest[]) => void) {
	const server = await startServer(reply);
	close = server.close;
	new BrewEvents({
		listener: 'ada',
		signal: controller.signal,
		onEvent: (event) => events.push(event),
		poll: async () => void polls++
	});
	return server;
}

const waitFor = async (ready: () => boolean) => {
	while (!ready()) await new Promise((soon) => setTimeout(soon, 10));
};

test('one request follows twenty brews', async () => {
	const brews = Array.from({ length: 20 }, (_, number) => progress(`brew-${number}`, 5));
	const server = await follow((response) => sendEvents(response, snapshot, ...brews));
	await waitFor(() => events.length === 21);

	expect(server.requests.map(({ path }) => path)).toEqual(['/api/podcast/events']);
	expect(events).toEqual([snapshot, ...brews]);
});

test('an interrupted or finished stream is reopened', async () => {
	const server = await follow((response, requests) => {
		sendEvents(response, snapshot, progress('a', requests.length * 10));
		if (requests.length === 1) setTimeout(() => response.destroy(), 30);
		if (requests.length === 2) response.end();
	});
	await waitFor(() => server.requests.length === 3 && events.length === 6);

	expect(events.filter(({ event }) => event === 'snapshot')).toHaveLength(3);
});

test('a second tab sends no request until the first one closes', async () => {
	const server = await follow((response) => sendEvents(response, snapshot));
	await waitFor(() => events.length === 1);
	const second = new AbortController();
	const secondTabEvents: TabEvent[] = [];
	new BrewEvents({
		listener: 'ada',
		signal: second.signal,
		onEvent: (event) => secondTabEvents.push(event),
		poll: async () => {}
	});
	await new Promise((soon) => setTimeout(soon, 100));
	expect([server.requests.length, secondTabEvents]).toEqual([1, []]);
	controller.abort();
	await waitFor(() => secondTabEvents.length === 1);

	expect(server.requests).toHaveLength(2);
	second.abort();
});

test('a tab with another version of the app sends and receives the same messages', async () => {
	vi.stubGlobal('window', globalThis); // without it, tabs have no channel
	const otherTab = new BroadcastChannel('audiobrew.brews.ada');
	const received: unknown[] = [];
	otherTab.onmessage = ({ data }) => received.push(data);
	await follow((response) => sendEvents(response, snapshot));
	await waitFor(() => events.length === 1);
	otherTab.postMessage({ ask: 'snapshot' });
	otherTab.postMessage({ tell: progress('a', 10) });
	await waitFor(() => events.length === 2 && received.length === 3);
	otherTab.close();

	expect(events[1]).toEqual(progress('a', 10));
	expect(received).toEqual([{ ask: 'snapshot' }, { tell: snapshot }, { tell: snapshot }]);
});

test('without a stream, the list is polled', async () => {
	const server = await follow((response) => json(response, 404, { type: '/problems/not-found' }));
	await waitFor(() => polls === 1);

	expect(server.requests).toHaveLength(1);
}, 10_000);

test('after a 429 the list is polled and the stream is retried', async () => {
	const server = await follow((response, requests) =>
		requests.length === 1
			? json(response, 429, { type: '/problems/too-many-streams' })
			: sendEvents(response, snapshot)
	);
	await waitFor(() => events.length === 1);

	expect([server.requests.length, polls]).toEqual([2, 1]);
});

test('no event arrives after the listener leaves', async () => {
	let stream: ServerResponse | undefined;
	await follow((response) => sendEvents((stream = response), snapshot));
	await waitFor(() => events.length === 1);
	controller.abort();
	stream?.write(`data: ${JSON.stringify(progress('a', 1))}\n\n`);
	await new Promise((soon) => setTimeout(soon, 50));

	expect(events).toEqual([snapshot]);
});

describe.each([
	['without Web Locks', undefined],
	[
		'whose Web Locks are blocked',
		{ request: () => Promise.reject(new DOMException('no', 'SecurityError')) }
	]
])('a browser %s', (_, locks) => {
	test('polls the list in every tab until its listener leaves', async () => {
		vi.stubGlobal('navigator', { onLine: true, locks });
		vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
		const server = await follow((response) => json(response, 500, {}));
		await vi.advanceTimersByTimeAsync(15_000);
		expect([polls, events, server.requests]).toEqual([3, [], []]);
		controller.abort();
		await vi.advanceTimersByTimeAsync(15_000);
		vi.useRealTimers();
		vi.unstubAllGlobals();

		expect(polls).toBe(3);
	});
});

/** An order is brewed once: it is repeated with the same key until its outcome is known. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { client } from '#lib/api/client.gen.ts';
import { order } from '#lib/features/episode/order/order.svelte.ts';
import { ListenerChanged } from '#lib/listener_scope.svelte.ts';
import { notices } from '#lib/notices.svelte.ts';
import { session } from '#lib/session.svelte.ts';
import { ApiError } from '#lib/api_error.ts';
import { installStorage } from './fake_storage';

type SentOrder = { key: string; body: string };
type Behavior = 'well' | 'gateway' | 'cut' | 'down' | 'unanswered' | Problem;
type Problem = { status: number; type: string };

const ada = { id: 'ada', address: null };
let requests: SentOrder[] = [];
/** The bodies of accepted orders, by key. */
let accepted = new Map<string, string>();
/** The behavior for each order in turn; afterwards `well`. */
let behaviors: Behavior[] = [];
let isReadable = true;
let stored: Map<string, string>;
let close = () => {};

async function reply(request: IncomingMessage, response: ServerResponse) {
	const respond = (status: number, body: object) =>
		response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
	if (request.method === 'GET' && !isReadable) return request.socket.destroy();
	if (request.url === '/api/podcast/list?limit=50') return respond(200, []);
	if (request.method === 'GET')
		return respond(200, { id: 'e', status: 'ready', created_at: '', bill: {} });
	let body = '';
	for await (const piece of request) body += piece;
	const key = String(request.headers['idempotency-key']);
	requests.push({ key, body });
	const behavior = behaviors.shift() ?? 'well';
	if (typeof behavior === 'object')
		return respond(behavior.status, { type: behavior.type, detail: 'No.' });
	if (behavior !== 'down') accepted.set(key, body);
	if (behavior === 'unanswered') return;
	if (behavior === 'well') return respond(202, { id: 'e', status: 'processing', message: '' });
	if (behavior === 'gateway') return response.writeHead(504).end('<h1>Gateway Timeout</h1>');
	request.socket.destroy();
}

beforeEach(async () => {
	[requests, accepted, behaviors, isReadable] = [[], new Map(), [], true];
	stored = installStorage();
	const server = createServer((request, response) => void reply(request, response));
	await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
	client.setConfig({ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
	close = () => (server.closeAllConnections(), server.close());
	session.setListener(ada, { token: 'a' });
});
afterEach(() => {
	vi.restoreAllMocks();
	session.setListener(null);
	close();
});

const pending = () => [...stored.keys()].filter((key) => key.startsWith('audiobrew.order.'));
const waitUntilConfirmed = async () => {
	while (order.isConfirming) await new Promise((soon) => setTimeout(soon, 20));
};

test('an accepted order is removed', async () => {
	expect(await order.send()).toBe('e');
	expect(pending()).toEqual([]);
});

describe.each(['gateway', 'cut', 'down'] as const)('a lost response (%s)', (behavior) => {
	test('is confirmed in the background, as the same order', async () => {
		behaviors = [behavior, behavior];
		expect(await order.send()).toBeNull();
		expect([order.isConfirming, await order.send()]).toEqual([true, null]);
		await waitUntilConfirmed();

		expect(new Set(requests.map(({ key }) => key)).size).toBe(1);
		expect(new Set(requests.map(({ body }) => body)).size).toBe(1);
		expect([accepted.size, pending()]).toEqual([1, []]);
	});

	test('is confirmed after a reload', async () => {
		behaviors = [behavior];
		order.minutes = 7;
		await order.send();
		expect(pending()).toHaveLength(1);
		session.setListener(null); // replaces all stores, as a reload does
		session.setListener(ada, { token: 'a' });
		await order.resume();
		await waitUntilConfirmed();

		expect(requests.at(-1)).toEqual(requests[0]);
		expect([accepted.size, pending()]).toEqual([1, []]);
	});
});

test('an order survives a tab that is closed before the response', async () => {
	behaviors = ['unanswered'];
	const sending = order.send().catch((error: unknown) => error);
	await vi.waitFor(() => expect(requests).toHaveLength(1), 10_000);
	session.setListener(null);
	session.setListener(ada, { token: 'a' });
	expect(await sending).toBeInstanceOf(ListenerChanged);
	expect(pending()).toHaveLength(1);
	await order.resume();
	await waitUntilConfirmed();

	expect(requests[1]).toEqual(requests[0]);
	expect([accepted.size, pending()]).toEqual([1, []]);
});

test('three lost responses are three episodes', async () => {
	for (let number = 1; number <= 3; number++) {
		behaviors = ['gateway'];
		await order.send();
		await waitUntilConfirmed();
	}

	expect(accepted.size).toBe(3);
}, 20_000);

test.each([
	{ status: 429, type: '/problems/too-many-brews' },
	{ status: 422, type: '/problems/nothing-to-brew' }
])('a rejection by AudioBrew ($type) ends it', async (problem) => {
	behaviors = [problem];

	await expect(order.send()).rejects.toBeInstanceOf(ApiError);
	expect([order.isConfirming, pending()]).toEqual([false, []]);
	await order.send();
	expect(new Set(requests.map(({ key }) => key)).size).toBe(2);
});

test.each([
	{ status: 500, type: '/problems/crash' },
	{ status: 503, type: '/problems/database-busy' }
])('a server error of AudioBrew ($status) leaves the outcome unknown', async (problem) => {
	behaviors = [problem];

	expect(await order.send()).toBeNull();
	await waitUntilConfirmed();
	expect(requests[1]).toEqual(requests[0]);
});

test('an accepted order counts even if its episode cannot be loaded', async () => {
	isReadable = false;

	expect(await order.send()).toBe('e');
	expect([accepted.size, pending(), order.isConfirming]).toEqual([1, [], false]);
});

test("one listener's order is not sent by another", async () => {
	behaviors = ['gateway'];
	await order.send();
	session.setListener({ id: 'eve', address: null }, { token: 'e' });
	await order.resume();

	expect(requests).toHaveLength(1);
	expect(order.isConfirming).toBe(false);
	expect(pending()).toHaveLength(1);
});

describe('an order whose outcome is unknown after a day', () => {
	const DAY = 86_400_000;
	const texts = () => notices.list.map(({ text }) => text);
	const store = (key: string, sentAt: string) => {
		const unanswered = {
			key,
			body: { minutes: 5 },
			sentAt: Date.parse(sentAt),
			isUnanswered: true
		};
		stored.set(`audiobrew.order.ada.${key}`, JSON.stringify(unanswered));
	};

	test('is not sent again, and the next visit shows a notice with the next step', async () => {
		store('k', '2026-11-20T12:00');
		await order.resume();

		expect(texts()).toEqual([
			'We couldn’t confirm your order from Friday 20 November. ' +
				'Please check your episodes, and brew it again if it’s missing.'
		]);
		expect([requests, pending(), order.isConfirming]).toEqual([[], [], false]);
	});

	test('is one of several, which share one notice', async () => {
		store('k', '2026-11-20T12:00');
		store('l', '2026-11-21T12:00');
		await order.resume();

		expect(texts()).toHaveLength(1);
		expect(texts()[0]).toMatch(/2 orders, the latest from Saturday 21 November\. Please/);
	});

	test('expires in an open page, too', async () => {
		behaviors = ['down'];
		expect(await order.send()).toBeNull();
		const now = Date.now();
		vi.spyOn(Date, 'now').mockReturnValue(now + DAY);
		await waitUntilConfirmed();

		expect(texts()[0]).toMatch(/^We couldn’t confirm your order/);
		expect([requests.length, pending()]).toEqual([1, []]);
		expect(await order.send()).toBe('e');
	});

	test('is shown until the listener dismisses it', async () => {
		vi.useFakeTimers({ toFake: ['setTimeout'] });
		store('k', '2026-11-20T12:00');
		await order.resume();
		vi.advanceTimersByTime(DAY);
		vi.useRealTimers();

		expect(notices.list).toHaveLength(1);
	});
});

test('the minutes follow what is typed, as soon as it is a possible number', () => {
	const limits = { minutes_min: 2, minutes_max: 120 } as Parameters<typeof order.typeMinutes>[1];
	const minutes = [1, 15, NaN, 150, 2.5].map((typed) => {
		order.typeMinutes(typed, limits);
		return order.minutes;
	});

	expect(minutes).toEqual([5, 15, 15, 15, 15]);
});

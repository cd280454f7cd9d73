/** Which side a request is sent to, and what happens when that side fails. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BackendRouter } from '#lib/rollout/backend_router.ts';
import { OPEN_MS } from '#lib/rollout/circuit_breaker.ts';
import { TwoBackends } from './two_backends';

const ALL = { percent: 100, salt: 's1', kill: false };
const NONE = { ...ALL, percent: 0 };
const KEYED = { method: 'POST', body: '{"minutes":5}', headers: { 'Idempotency-Key': 'k' } };
const UNKEYED = { method: 'POST', body: 'a mail' };
let backends: TwoBackends;
let app: BackendRouter;

/** Open the app, which loads the configuration first. */
async function openApp() {
	app = backends.visit();
	await app.send(backends.request('/api/config'));
	backends.clearRequests();
}

const requests = () => [backends.railway.requests, backends.vercel.requests];
const list = () => app.send(backends.request('/api/podcast/list'));

beforeEach(async () => void (backends = await TwoBackends.start(ALL)));
afterEach(() => backends.close());

test('a listener is served by the side that the rollout says', async () => {
	await openApp();
	await list();
	expect(requests()).toEqual([['GET /api/podcast/list'], []]);

	backends.setRollout(NONE);
	await openApp();
	await list();
	expect(requests()).toEqual([[], ['GET /api/podcast/list']]);
});

test('with one side, no request is repeated and no cookie or header is set', async () => {
	backends.setRollout(null);
	backends.appOrigin = backends.railway.url;
	await openApp();
	backends.railway.behavior = 'failing';

	expect((await list()).status).toBe(502);
	expect(requests()).toEqual([['GET /api/podcast/list'], []]);
	expect(backends.cookies).toEqual([]);
	expect(app.base).toBe(backends.railway.url);
});

describe.each(['failing', 'dead'] as const)('while railway is %s', (behavior) => {
	beforeEach(async () => {
		await openApp();
		backends.railway.behavior = behavior;
	});

	test('the other side serves reads, and after three failures railway gets no request', async () => {
		for (let time = 0; time < 5; time++) expect((await list()).status).toBe(200);

		expect(requests().map(({ length }) => length)).toEqual([3, 5]);
		expect([backends.cookies.at(-1), app.base]).toEqual(['vercel', backends.vercel.url]);
	});

	test('an order with a key is repeated unchanged', async () => {
		const response = await app.send(backends.request('/api/podcast/generate', KEYED));

		expect(response.status).toBe(200);
		expect(backends.vercel.bodies.at(-1)).toBe(KEYED.body);
		expect(backends.railway.bodies.at(-1)).toBe(KEYED.body);
	});

	test('a write without a key is sent once, to the healthy side', async () => {
		const response = await app.send(backends.request('/api/mail', UNKEYED));

		expect(response.status).toBe(200);
		expect(requests()).toEqual([['GET /api/config'], ['POST /api/mail']]);
		expect(backends.vercel.bodies.at(-1)).toBe(UNKEYED.body);
	});

	test('an import from Gmail is sent once, to the healthy side', async () => {
		const response = await app.send(backends.request('/api/gmail/emails?limit=1'));

		expect(response.status).toBe(200);
		expect(requests()).toEqual([['GET /api/config'], ['GET /api/gmail/emails?limit=1']]);
	});

	test('the next visit does not use it until five minutes have passed and one request tests it', async () => {
		for (let time = 0; time < 3; time++) await list();
		backends.clearRequests();
		app = backends.visit();
		await list();
		expect(backends.railway.requests).toEqual([]);
		expect(backends.vercel.requests).toContain('GET /api/podcast/list');

		backends.now += OPEN_MS;
		backends.railway.behavior = 'well';
		await list();
		await list();
		expect(backends.railway.requests.filter((one) => one.endsWith('list')).length).toBe(2);
		expect(backends.cookies.at(-1)).toBe('railway');
	});
});

test('a write without a key that fails is not repeated', async () => {
	await openApp();
	backends.railway.behavior = 'failing writes';

	expect((await app.send(backends.request('/api/mail', UNKEYED))).status).toBe(502);
	expect(backends.vercel.requests).toEqual([]);
});

test('without stored state and with railway dead, the vercel side opens the app', async () => {
	backends.railway.behavior = 'dead';
	await openApp();

	expect((await list()).status).toBe(200);
	expect(backends.vercel.requests).toEqual(['GET /api/podcast/list']);
});

test('with railway dead, listeners of the vercel side notice nothing', async () => {
	backends.setRollout(NONE);
	await openApp();
	backends.railway.behavior = 'dead';
	await openApp();
	await list();

	expect(requests()).toEqual([[], ['GET /api/podcast/list']]);
});

test('a kill reaches open pages, and their streams restart on the other side', async () => {
	await openApp();
	const stream = await app.send(backends.request('/api/podcast/1/events'));
	backends.setRollout({ ...ALL, kill: true });
	await app.refresh();

	await expect(stream.text()).rejects.toThrow();
	await app.send(backends.request('/api/podcast/1/events'));
	expect(backends.vercel.requests).toEqual(['GET /api/podcast/1/events']);
	expect(backends.cookies.at(-1)).toBe('vercel');
});

test('the configuration is refreshed in the background after half a minute', async () => {
	await openApp();
	backends.setRollout({ ...ALL, kill: true });
	backends.now += 31_000;
	await list();
	while (backends.cookies.at(-1) !== 'vercel') await new Promise((soon) => setTimeout(soon, 5));
	await list();

	expect(backends.vercel.requests).toEqual(['GET /api/podcast/list']);
});

test('a listener who signs in is served by their own side from then on', async () => {
	backends.setRollout({ ...ALL, percent: 60 });
	backends.listener = null;
	await openApp();
	await list();
	expect(backends.vercel.requests.length).toBe(1);
	backends.listener = 'listener-9'; // bucket 1842
	await list();

	expect(backends.railway.requests).toEqual(['GET /api/podcast/list']);
});

test('under one address, a header names the side', async () => {
	backends.appOrigin = backends.railway.url;
	await openApp();
	await list();
	backends.railway.behavior = 'failing';
	await list();

	expect(backends.railway.requests.slice(0, 2)).toEqual([
		'GET /api/podcast/list railway',
		'GET /api/podcast/list railway'
	]);
	expect(backends.vercel.requests).toEqual(['GET /api/podcast/list']); // another origin needs no header
});

test('a request that the listener aborts is not a failure of the side', async () => {
	await openApp();
	backends.railway.behavior = 'silent';
	for (let time = 0; time < 3; time++) {
		const left = app.send(
			backends.request('/api/podcast/list', { signal: AbortSignal.timeout(20) })
		);
		await expect(left).rejects.toThrow();
	}
	backends.railway.behavior = 'well';
	await list();

	expect(backends.vercel.requests).toEqual([]);
});

test('when the rollout is over, its state is removed', async () => {
	await openApp();
	backends.setRollout(null);
	await app.refresh();

	expect(backends.cookies.at(-1)).toBeNull();
	expect(backends.state.rollout).toBeNull();
});

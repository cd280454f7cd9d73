/** Which side a request goes to, and what becomes of it when that side fails. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Sides } from '$lib/rollout/backend_router';
import { REST } from '$lib/rollout/circuit_breaker';
import { Place } from './two_backends';

const ALL = { percent: 100, salt: 's1', kill: false };
const NONE = { ...ALL, percent: 0 };
const KEYED = { method: 'POST', body: '{"minutes":5}', headers: { 'Idempotency-Key': 'k' } };
const UNKEYED = { method: 'POST', body: 'a mail' };
let place: Place;
let app: Sides;

/** What the app does first. */
async function opened() {
	app = place.visit();
	await app.ask(place.request('/api/config'));
	place.quiet();
}

const asked = () => [place.railway.asked, place.vercel.asked];
const list = () => app.ask(place.request('/api/podcast/list'));

beforeEach(async () => void (place = await Place.made(ALL)));
afterEach(() => place.close());

test('a listener is served by the side that the rollout says', async () => {
	await opened();
	await list();
	expect(asked()).toEqual([['GET /api/podcast/list'], []]);

	place.tell(NONE);
	await opened();
	await list();
	expect(asked()).toEqual([[], ['GET /api/podcast/list']]);
});

test('where there is one side, nothing is repeated, marked or added', async () => {
	place.tell(null);
	place.here = place.railway.url;
	await opened();
	place.railway.way = 'failing';

	expect((await list()).status).toBe(502);
	expect(asked()).toEqual([['GET /api/podcast/list'], []]);
	expect(place.marks).toEqual([]);
	expect(app.base).toBe(place.railway.url);
});

describe.each(['failing', 'dead'] as const)('while railway is %s', (way) => {
	beforeEach(async () => {
		await opened();
		place.railway.way = way;
	});

	test('reads are answered by the other side, and after three nobody asks railway', async () => {
		for (let time = 0; time < 5; time++) expect((await list()).status).toBe(200);

		expect(asked().map(({ length }) => length)).toEqual([3, 5]);
		expect([place.marks.at(-1), app.base]).toEqual(['vercel', place.vercel.url]);
	});

	test('an order with a key is repeated as it was', async () => {
		const answer = await app.ask(place.request('/api/podcast/generate', KEYED));

		expect(answer.status).toBe(200);
		expect(place.vercel.bodies.at(-1)).toBe(KEYED.body);
		expect(place.railway.bodies.at(-1)).toBe(KEYED.body);
	});

	test('a write without a key is sent once, to the side that answers', async () => {
		const answer = await app.ask(place.request('/api/mail', UNKEYED));

		expect(answer.status).toBe(200);
		expect(asked()).toEqual([['GET /api/config'], ['POST /api/mail']]);
		expect(place.vercel.bodies.at(-1)).toBe(UNKEYED.body);
	});

	test('the next visit leaves it alone, until its rest is over and one request tries it', async () => {
		for (let time = 0; time < 3; time++) await list();
		place.quiet();
		app = place.visit();
		await list();
		expect(place.railway.asked).toEqual([]);
		expect(place.vercel.asked).toContain('GET /api/podcast/list');

		place.now += REST;
		place.railway.way = 'well';
		await list();
		await list();
		expect(place.railway.asked.filter((one) => one.endsWith('list')).length).toBe(2);
		expect(place.marks.at(-1)).toBe('railway');
	});
});

test('a write without a key that fails is not repeated', async () => {
	await opened();
	place.railway.way = 'failing writes';

	expect((await app.ask(place.request('/api/mail', UNKEYED))).status).toBe(502);
	expect(place.vercel.asked).toEqual([]);
});

test('with nothing known and railway dead, the vercel side opens the app', async () => {
	place.railway.way = 'dead';
	await opened();

	expect((await list()).status).toBe(200);
	expect(place.vercel.asked).toEqual(['GET /api/podcast/list']);
});

test('with railway dead, who was served by the vercel side notices nothing', async () => {
	place.tell(NONE);
	await opened();
	place.railway.way = 'dead';
	await opened();
	await list();

	expect(asked()).toEqual([[], ['GET /api/podcast/list']]);
});

test('a kill reaches open pages, and their streams begin again on the other side', async () => {
	await opened();
	const stream = await app.ask(place.request('/api/podcast/1/events'));
	place.tell({ ...ALL, kill: true });
	await app.refresh();

	await expect(stream.text()).rejects.toThrow();
	await app.ask(place.request('/api/podcast/1/events'));
	expect(place.vercel.asked).toEqual(['GET /api/podcast/1/events']);
	expect(place.marks.at(-1)).toBe('vercel');
});

test('what was told is asked again after half a minute, without a wait', async () => {
	await opened();
	place.tell({ ...ALL, kill: true });
	place.now += 31_000;
	await list();
	while (place.marks.at(-1) !== 'vercel') await new Promise((soon) => setTimeout(soon, 5));
	await list();

	expect(place.vercel.asked).toEqual(['GET /api/podcast/list']);
});

test('who signs in is served by their own side from then on', async () => {
	place.tell({ ...ALL, percent: 60 });
	place.listener = null;
	await opened();
	await list();
	expect(place.vercel.asked.length).toBe(1);
	place.listener = 'listener-9'; // bucket 1842
	await list();

	expect(place.railway.asked).toEqual(['GET /api/podcast/list']);
});

test('under one address a header says which side is meant', async () => {
	place.here = place.railway.url;
	await opened();
	await list();
	place.railway.way = 'failing';
	await list();

	expect(place.railway.asked.slice(0, 2)).toEqual([
		'GET /api/podcast/list railway',
		'GET /api/podcast/list railway'
	]);
	expect(place.vercel.asked).toEqual(['GET /api/podcast/list']); // another origin needs none
});

test('what the listener gives up is no failure of a side', async () => {
	await opened();
	place.railway.way = 'silent';
	for (let time = 0; time < 3; time++) {
		const left = app.ask(place.request('/api/podcast/list', { signal: AbortSignal.timeout(20) }));
		await expect(left).rejects.toThrow();
	}
	place.railway.way = 'well';
	await list();

	expect(place.vercel.asked).toEqual([]);
});

test('when the move is over, nothing is left of it', async () => {
	await opened();
	place.tell(null);
	await app.refresh();

	expect(place.marks.at(-1)).toBeNull();
	expect(place.kept.rollout).toBeNull();
});

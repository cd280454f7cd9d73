import type { ServerResponse } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import type { BrewEnd, BrewProgress } from '$lib/api';
import { following } from '$lib/features/podcast/following';
import { Trouble } from '$lib/trouble';
import { json, loopback } from './loopback';

const ID = '7b0e6c3e-0000-4000-8000-000000000000';
const progress = (percent: number) => ({
	event: 'progress',
	stage: 'speaking',
	done: 1,
	total: 2,
	percent
});
const end = { event: 'end', stage: 'ready', percent: 100, trouble: null };
let close = () => {};

afterEach(() => close());

function tell(response: ServerResponse, ...events: [id: string, data: object][]) {
	response.writeHead(200, { 'Content-Type': 'text/event-stream' });
	response.write(': still here\n\n');
	for (const [id, data] of events) response.write(`id: ${id}\ndata: ${JSON.stringify(data)}\n\n`);
}

async function heard(goesOn: () => Promise<boolean>) {
	const events: (BrewProgress | BrewEnd)[] = [];
	for await (const event of following(ID, new AbortController().signal, goesOn)) events.push(event);
	return events.map(({ percent }) => percent);
}

test('a lost connection is taken up again after the last event that was heard', async () => {
	const server = await loopback((response, asked) => {
		if (asked.length === 1) tell(response, ['1', progress(10)], ['2', progress(40)]);
		else tell(response, ['3', end]);
		if (asked.length === 1) setTimeout(() => response.destroy(), 50);
	});
	close = server.close;

	expect(await heard(async () => true)).toEqual([10, 40, 100]);
	expect(server.asked.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '2']);
});

test('a stream that merely stops is not taken for the end', async () => {
	const server = await loopback((response, asked) => {
		tell(response, asked.length === 1 ? ['1', progress(10)] : ['2', end]);
		response.end();
	});
	close = server.close;

	expect(await heard(async () => true)).toEqual([10, 100]);
});

test('an episode that is gone is not asked for again', async () => {
	const server = await loopback((response) =>
		json(response, 404, { detail: 'There is no such episode.' })
	);
	close = server.close;
	const gone = async () => {
		throw new Trouble('There is no such episode.', 404);
	};

	expect(await heard(gone)).toEqual([]);
	expect(server.asked).toHaveLength(1);
});

test('a listener who leaves is not followed', async () => {
	const server = await loopback((response) => tell(response, ['1', progress(10)]));
	close = server.close;
	const leaving = new AbortController();
	const percents: number[] = [];

	for await (const { percent } of following(ID, leaving.signal, async () => true)) {
		percents.push(percent);
		leaving.abort();
	}

	expect(percents).toEqual([10]);
});

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { connection } from '#lib/connection.svelte.ts';

const MINUTE = 60_000;
let recoveries = 0;
let stop = () => {};

beforeEach(() => {
	vi.useFakeTimers();
	recoveries = 0;
	connection.setProbe(async () => true);
});
afterEach(() => {
	stop();
	connection.reportSuccess();
	vi.useRealTimers();
});

test('a request that fails after each recovery is repeated with growing delays', async () => {
	stop = connection.onRecovery(() => {
		recoveries++;
		connection.reportFailure();
	});
	connection.reportFailure();
	await vi.advanceTimersByTimeAsync(10 * MINUTE);

	expect(recoveries).toBeGreaterThan(10);
	expect(recoveries).toBeLessThan(30);
});

test('after a stable minute the first retry comes soon', async () => {
	connection.reportFailure();
	await vi.advanceTimersByTimeAsync(MINUTE);
	stop = connection.onRecovery(() => recoveries++);
	await vi.advanceTimersByTimeAsync(MINUTE);
	connection.reportFailure();
	await vi.advanceTimersByTimeAsync(1_000);

	expect([recoveries, connection.isLost]).toEqual([1, false]);
});

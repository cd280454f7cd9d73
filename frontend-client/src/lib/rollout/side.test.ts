import { describe, expect, test } from 'vitest';
import { CircuitBreaker, OPEN_MS } from './circuit_breaker';
import pinned from './pinned.json';
import { computeBucket, chooseSide, ANONYMOUS_BUCKET, type Rollout } from './side';

const at = (percent: number, kill = false): Rollout => ({ percent, salt: 's1', kill });
const buckets = await Promise.all(
	Array.from({ length: 20_000 }, (_, number) => computeBucket('s1', `listener-${number}`))
);
const onRailway = (rollout: Rollout) =>
	new Set(buckets.keys().filter((one) => chooseSide(rollout, buckets[one]!) === 'railway'));

describe('the side that serves a listener', () => {
	test.each(pinned)('$listener is in the bucket that the service computes', async (example) => {
		expect(await computeBucket(example.salt, example.listener)).toBe(example.bucket);
	});

	test.each([0, 0.5, 10, 25, 50, 99.99, 100])(
		'%d percent of the listeners are served by railway',
		(percent) => {
			expect(Math.abs(onRailway(at(percent)).size / buckets.length - percent / 100)).toBeLessThan(
				0.01
			);
		}
	);

	test('listeners who moved stay when more move', () => {
		const steps = [1, 10, 25, 50].map((percent) => onRailway(at(percent)));
		for (const [step, before] of steps.slice(0, -1).entries()) {
			expect(before.isSubsetOf(steps[step + 1]!)).toBe(true);
		}
		expect([onRailway(at(0)).size, onRailway(at(100)).size]).toEqual([0, buckets.length]);
	});

	test('the kill switch moves everybody back', () => {
		expect(onRailway(at(100, true)).size).toBe(0);
	});

	test('visitors who have not signed in move last', () => {
		expect([99.99, 100].map((percent) => chooseSide(at(percent), ANONYMOUS_BUCKET))).toEqual([
			'vercel',
			'railway'
		]);
	});
});

describe('a side that fails', () => {
	function createBreaker() {
		const clock = { now: 0 };
		return { clock, breaker: new CircuitBreaker(() => clock.now) };
	}

	test('is not used for five minutes after three failures within a minute', () => {
		const { clock, breaker } = createBreaker();
		breaker.recordFailure();
		breaker.recordFailure();
		expect(breaker.allowsRequest()).toBe(true);
		clock.now = 59_000;
		breaker.recordFailure();
		expect(breaker.allowsRequest()).toBe(false);
		clock.now += OPEN_MS - 1;
		expect(breaker.allowsRequest()).toBe(false);
	});

	test('may fail twice a minute without limit', () => {
		const { clock, breaker } = createBreaker();
		for (let minute = 0; minute < 10; minute++) {
			clock.now = minute * 61_000;
			breaker.recordFailure();
			breaker.recordFailure();
		}
		expect(breaker.allowsRequest()).toBe(true);
	});

	test('is tested with one request after five minutes', () => {
		const { clock, breaker } = createBreaker();
		for (let time = 0; time < 3; time++) breaker.recordFailure();
		clock.now = OPEN_MS;
		expect([breaker.allowsRequest(), breaker.allowsRequest()]).toEqual([true, false]);
		breaker.recordFailure();
		clock.now += OPEN_MS - 1;
		expect(breaker.allowsRequest()).toBe(false);
		clock.now += 1;
		expect(breaker.allowsRequest()).toBe(true);
		breaker.recordSuccess();
		expect([breaker.allowsRequest(), breaker.allowsRequest()]).toEqual([true, true]);
	});
});

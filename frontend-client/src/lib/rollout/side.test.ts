import { describe, expect, test } from 'vitest';
import { Breaker, REST } from './circuit_breaker';
import pinned from './pinned.json';
import { bucketOf, decide, NOBODY, type Rollout } from './side';

const at = (percent: number, kill = false): Rollout => ({ percent, salt: 's1', kill });
const many = await Promise.all(
	Array.from({ length: 20_000 }, (_, number) => bucketOf('s1', `listener-${number}`))
);
const onRailway = (rollout: Rollout) =>
	new Set(many.keys().filter((one) => decide(rollout, many[one]!) === 'railway'));

describe('who is served by which side', () => {
	test.each(pinned)('$listener is in the bucket that the service finds', async (told) => {
		expect(await bucketOf(told.salt, told.listener)).toBe(told.bucket);
	});

	test.each([0, 0.5, 10, 25, 50, 99.99, 100])('%d percent are so many', (percent) => {
		expect(Math.abs(onRailway(at(percent)).size / many.length - percent / 100)).toBeLessThan(0.01);
	});

	test('who was moved stays when more are moved', () => {
		const steps = [1, 10, 25, 50].map((percent) => onRailway(at(percent)));
		for (const [step, before] of steps.slice(0, -1).entries()) {
			expect(before.isSubsetOf(steps[step + 1]!)).toBe(true);
		}
		expect([onRailway(at(0)).size, onRailway(at(100)).size]).toEqual([0, many.length]);
	});

	test('the kill switch takes everybody back', () => {
		expect(onRailway(at(100, true)).size).toBe(0);
	});

	test('who has not signed in moves last', () => {
		expect([99.99, 100].map((percent) => decide(at(percent), NOBODY))).toEqual([
			'vercel',
			'railway'
		]);
	});
});

describe('a side that fails', () => {
	function breaker() {
		const clock = { now: 0 };
		return { clock, made: new Breaker(() => clock.now) };
	}

	test('is left alone after three failures within a minute, for five', () => {
		const { clock, made } = breaker();
		made.failed();
		made.failed();
		expect(made.allows()).toBe(true);
		clock.now = 59_000;
		made.failed();
		expect(made.allows()).toBe(false);
		clock.now += REST - 1;
		expect(made.allows()).toBe(false);
	});

	test('may fail twice a minute for ever', () => {
		const { clock, made } = breaker();
		for (let minute = 0; minute < 10; minute++) {
			clock.now = minute * 61_000;
			made.failed();
			made.failed();
		}
		expect(made.allows()).toBe(true);
	});

	test('is tried once after its rest: what comes of it holds for all', () => {
		const { clock, made } = breaker();
		for (let time = 0; time < 3; time++) made.failed();
		clock.now = REST;
		expect([made.allows(), made.allows()]).toEqual([true, false]);
		made.failed();
		clock.now += REST - 1;
		expect(made.allows()).toBe(false);
		clock.now += 1;
		expect(made.allows()).toBe(true);
		made.worked();
		expect([made.allows(), made.allows()]).toEqual([true, true]);
	});
});

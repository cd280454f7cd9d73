import { expect, test } from 'vitest';
import type { BrewProgress } from '#lib/api/index.ts';
import {
	INITIAL_PROGRESS,
	describeProgress,
	describeTimeLeft,
	isBrewing,
	isFinal,
	mergeProgress
} from './progress';

const speaking: BrewProgress = {
	event: 'progress',
	stage: 'speaking',
	done: 12,
	total: 30,
	percent: 60
};

test('a stage is described with its parts, if it has any', () => {
	expect(describeProgress(mergeProgress(INITIAL_PROGRESS, speaking))).toBe(
		'Recording the voices · 12 of 30'
	);
	expect(
		describeProgress(
			mergeProgress(INITIAL_PROGRESS, { ...speaking, stage: 'planning', done: 0, total: 0 })
		)
	).toBe('Choosing the stories');
});

test('progress does not decrease after a lost connection', () => {
	const known = mergeProgress(INITIAL_PROGRESS, speaking);

	expect(
		mergeProgress(known, { ...speaking, stage: 'writing', done: 1, total: 4, percent: 30 }).percent
	).toBe(60);
});

test('a final stage has no parts', () => {
	expect(describeProgress({ stage: 'ready', done: 3, total: 3, percent: 100 })).toBe(
		'Ready to play'
	);
});

test('three stages are final, the others are brewing', () => {
	expect((['ready', 'failed', 'cancelled'] as const).every(isFinal)).toBe(true);
	expect(
		(['waiting', 'speaking', 'joining'] as const).every((status) => isBrewing({ status }))
	).toBe(true);
});

test.each([
	[null, ''],
	[undefined, ''],
	[0, 'a few seconds left'],
	[34, 'about 30 seconds left'],
	[75, 'about 1 minute left'],
	[119, 'about 2 minutes left']
])('the time that is left: %s seconds', (seconds_left, text) => {
	expect(describeTimeLeft({ ...speaking, seconds_left })).toBe(text);
});

import { describe, expect, test } from 'vitest';
import { formatClock, formatDay, formatLength, pluralize, describeDuration } from './format';

describe('a clock', () => {
	test.each([
		[0, '0:00'],
		[5.9, '0:05'],
		[65.4, '1:05'],
		[3725, '1:02:05'],
		[36_000, '10:00:00'],
		[-3, '0:00'],
		[NaN, '0:00'],
		[Infinity, '0:00']
	])('shows %d seconds as %s', (seconds, text) => {
		expect(formatClock(seconds)).toBe(text);
	});
});

test.each([
	[0.4, '0 seconds'],
	[1, '1 second'],
	[61, '1 minute 1 second'],
	[7320, '2 hours 2 minutes']
])('%d seconds are read aloud as %s', (seconds, text) => {
	expect(describeDuration(seconds)).toBe(text);
});

test('a length has the unit that fits', () => {
	expect([formatLength(40), formatLength(89), formatLength(290)]).toEqual([
		'40 s',
		'1 min',
		'5 min'
	]);
});

test('one has no plural s', () => {
	expect([pluralize(0, 'mail'), pluralize(1, 'mail'), pluralize(2, 'mail')]).toEqual([
		'0 mails',
		'1 mail',
		'2 mails'
	]);
});

describe('a day', () => {
	const now = new Date(2026, 10, 23, 0, 30);

	test.each([
		[new Date(2026, 10, 23, 0, 5), 'Today'],
		[new Date(2026, 10, 22, 23, 59), 'Yesterday'],
		[new Date(2026, 10, 18, 12), 'Wednesday'],
		[new Date(2026, 10, 16, 12), '16 Nov'],
		[new Date(2025, 10, 23, 12), '23 Nov 2025'],
		[new Date(2026, 10, 24, 12), '24 Nov']
	])('%s is %s', (date, text) => {
		expect(formatDay(date.toISOString(), now)).toBe(text);
	});
});

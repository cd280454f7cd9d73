import { expect, test } from 'vitest';
import { formatCost, describeQuote } from './money';

const QUOTE = {
	newsletters: 8,
	characters: 6000,
	minutes: 5,
	calls: 36,
	cost_usd: 0.1234,
	prices_as_of: '2026-11-23',
	voices: []
};

test.each([
	[0, '$0.00'],
	[0.004, 'less than $0.01'],
	[0.1234, '$0.12'],
	[12, '$12.00']
])('%d dollars', (dollars, words) => {
	expect(formatCost(dollars)).toBe(words);
});

test('a quote is described in a sentence', () => {
	expect(describeQuote(QUOTE, 5)).toBe(
		'5 minutes from 8 newsletters. 36 AI requests, about $0.12.'
	);
});

test('a quote below a cent is not called approximate', () => {
	expect(describeQuote({ ...QUOTE, cost_usd: 0.004 }, 5)).toMatch(/, less than \$0\.01\.$/);
});

test('a quote says if the newsletters cannot fill the minutes', () => {
	expect(describeQuote({ ...QUOTE, minutes: 3 }, 5)).toMatch(/^About 3 of 5 minutes/);
});

test('without models an episode is free', () => {
	expect(describeQuote({ ...QUOTE, calls: 0, cost_usd: 0 }, 5)).toMatch(/ Free\.$/);
});

test('an unknown price is not estimated', () => {
	expect(describeQuote({ ...QUOTE, cost_usd: null }, 5)).toMatch(/cost unknown\.$/);
});

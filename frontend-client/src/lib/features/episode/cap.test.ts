import { describe, expect, test } from 'vitest';
import { proposeCap, parseCap } from './cap';

describe('the maximum cost', () => {
	test.each([
		['', null],
		['   ', null],
		['0.01', 0.01],
		['0,50', 0.5],
		['.5', 0.5],
		['5.', 5],
		['$ 3', 3],
		['1000', 1000]
	])('%j is a limit of %j', (typed, dollars) => {
		expect(parseCap(typed)).toEqual({ dollars, error: '' });
	});

	test.each(['0', '0.001', '0.00', '-5', '-'])('%j is too little', (typed) => {
		expect(parseCap(typed)).toEqual({
			dollars: null,
			error: 'Enter at least $0.01, or leave this empty for no limit.'
		});
	});

	test.each(['1000.01', '99999999999'])('%j is too much', (typed) => {
		expect(parseCap(typed).error).toBe('Enter at most $1,000, or leave this empty for no limit.');
	});

	test.each(['five', '1e3', '1,000.00', '1.2.3', 'NaN', '٣'])('%j is no amount', (typed) => {
		expect(parseCap(typed).error).toBe(
			'Enter an amount in US dollars, or leave this empty for no limit.'
		);
	});

	test('the suggested limit is twice the old one, in whole cents, and valid', () => {
		expect([0.01, 0.126, 700].map(proposeCap)).toEqual(['0.02', '0.26', '1000.00']);
		expect(proposeCap(null)).toBe('');
		for (const cap of [0.01, 0.333, 1000]) expect(parseCap(proposeCap(cap)).error).toBe('');
	});
});

import { describe, expect, test } from 'vitest';
import { ApiError, errorMessage, problemMessage, problemType } from './api_error';

test("the listener reads the problem's own message", () => {
	expect(problemMessage({ status: 404, detail: 'There is no such episode.' })).toBe(
		'There is no such episode.'
	);
});

test.each(['<html>502 Bad Gateway</html>', {}, null, undefined, { detail: '' }, { detail: [1] }])(
	'%j is not shown',
	(answer) => {
		expect(problemMessage(answer)).toBe('Something went wrong on our side. Please try again.');
	}
);

test('a problem has a type', () => {
	expect(problemType({ type: '/problems/nothing-to-brew' })).toBe('/problems/nothing-to-brew');
});

describe('a request that does not match the contract', () => {
	const malformed = (...pointers: unknown[]) => ({
		type: '/problems/malformed',
		detail: 'The request does not match the contract. See `errors`.',
		errors: pointers.map((pointer) => ({ pointer, detail: 'Input should be greater' }))
	});

	test.each([
		['/body/cap_usd', /limit between/],
		['/body/email_ids/3', /newsletters again/],
		['/body/minutes', /minutes/],
		['/query/limit', /this form/],
		['/body/__proto__', /this form/],
		[undefined, /this form/]
	])('%j has a plain message', (pointer, words) => {
		expect(problemMessage(malformed(pointer))).toMatch(words);
		expect(problemMessage(malformed(pointer))).not.toMatch(/contract|Input/);
	});

	test('has a general message without a pointer', () => {
		expect(problemMessage({ ...malformed(), errors: undefined })).toMatch(/this form/);
	});
});

test.each(['<html>502 Bad Gateway</html>', {}, null, undefined, { type: 7 }])(
	'%j has no type',
	(answer) => {
		expect(problemType(answer)).toBeUndefined();
	}
);

test('an ApiError keeps its message', () => {
	expect(errorMessage(new ApiError('Please sign in first.', 401))).toBe('Please sign in first.');
});

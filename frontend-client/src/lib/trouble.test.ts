import { expect, test } from 'vitest';
import { kind, sentence, told, Trouble } from './trouble';

test("a problem's own sentence is what the listener reads", () => {
	expect(sentence({ status: 404, detail: 'There is no such episode.' })).toBe(
		'There is no such episode.'
	);
});

test.each(['<html>502 Bad Gateway</html>', {}, null, undefined, { detail: '' }, { detail: [1] }])(
	'%j is not shown',
	(answer) => {
		expect(sentence(answer)).toBe('Something went wrong on our side. Please try again.');
	}
);

test('the kind of a problem is the end of its type', () => {
	expect(kind({ type: '/problems/nothing-to-brew' })).toBe('nothing-to-brew');
});

test.each(['<html>502 Bad Gateway</html>', {}, null, undefined, { type: 7 }])(
	'%j is of no kind',
	(answer) => {
		expect(kind(answer)).toBeUndefined();
	}
);

test('a trouble keeps its sentence', () => {
	expect(told(new Trouble('Please sign in first.', 401))).toBe('Please sign in first.');
});

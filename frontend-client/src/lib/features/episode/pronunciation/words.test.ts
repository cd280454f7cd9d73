import { expect, test } from 'vitest';
import { isSameWord, wordsOf } from './words';

test('a sentence is divided into different words without punctuation', () => {
	expect(wordsOf('“Nguyen’s team, from San José, beat Nguyen — 3 to 1!”', 'en')).toEqual([
		'Nguyen',
		'team',
		'from',
		'San',
		'José',
		'beat',
		'to'
	]);
});

test('a sentence without spaces is divided by its language', () => {
	expect(wordsOf('我在北京工作。', 'zh')).toContain('北京');
});

test('a sentence without words has none', () => {
	expect(wordsOf('… 42 —', 'en')).toEqual([]);
});

test('case, spaces and the encoding of accents make no other word', () => {
	expect(isSameWord(' San  José', 'san jose\u0301 ')).toBe(true);
	expect(isSameWord('Nguyen', 'Nguyens')).toBe(false);
});

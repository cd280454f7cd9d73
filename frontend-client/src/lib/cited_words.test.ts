import { expect, test } from 'vitest';
import { findCitedWords } from './cited_words';

const SOURCE =
	'The council has found its ferry. From Monday there are four sailings a day, the last at 21:10. Bicycles travel free until March.';

function cited(sentence: string, source = SOURCE): string | null {
	const range = findCitedWords(sentence, source);
	return range && source.slice(range.start, range.end);
}

test('the sentence that is repeated word for word', () => {
	expect(cited('Bicycles travel free until March.')).toBe('Bicycles travel free until March');
});

test('a sentence that is said in other words', () => {
	expect(cited('Four sailings a day leave from Monday, the last at ten past nine.')).toBe(
		'From Monday there are four sailings a day, the last at'
	);
});

test('accents and case do not matter', () => {
	expect(cited('LA METEO est belle', 'Hier : la météo était belle. Demain, il pleut.')).toBe(
		'la météo était belle'
	);
});

test.each(['A cat sleeps on the roof of our neighbours.', '', '…'])(
	'nothing is cited by “%s”',
	(sentence) => expect(cited(sentence)).toBeNull()
);

test('a source in a script without spaces does not fail', () => {
	expect(cited('你好世界', '今天，你好世界。')).toBe('你好世界');
});

test('a long paragraph takes milliseconds', () => {
	const source = 'salt and pepper are sold here. '.repeat(2000);
	expect(cited('Salt and pepper are sold here.', source)).toBe('salt and pepper are sold here');
});

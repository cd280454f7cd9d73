import { expect, test } from 'vitest';
import { describeVerdict } from './verdict';

test.each([
	[null, ''],
	[undefined, ''],
	[{ outcome: 'supported', words: '' } as const, 'Checked against its source.'],
	[
		{ outcome: 'replaced', words: 'two banks' } as const,
		'Replaced by the newsletter’s own sentence, because “two banks” didn’t match the source.'
	],
	[
		{ outcome: 'replaced', words: '' } as const,
		'Replaced by the newsletter’s own sentence, because some of it didn’t match the source.'
	],
	[
		{ outcome: 'contradicted', words: 'two banks' } as const,
		'Checked against its source: “two banks” doesn’t match.'
	]
])('the verdict %j is described as %j', (verdict, words) => {
	expect(describeVerdict(verdict)).toBe(words);
});

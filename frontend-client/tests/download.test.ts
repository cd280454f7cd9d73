import { expect, test } from 'vitest';
import { toFileName } from '#lib/features/episode/download.ts';

test.each([
	['Tuesday brew', 'Tuesday brew'],
	['../../etc/passwd', 'etc passwd'],
	['a/b\\c:d*e?"f<g>h|i', 'a b c d e f g h i'],
	['right\u202eto left\u0000', 'right to left'],
	['Ärger im Büro – Teil 2', 'Ärger im Büro – Teil 2'],
	['…', '…'],
	['///', 'episode']
])('%j is saved as %j', (title, name) => {
	expect(toFileName(title)).toBe(name);
});

test('a long title is shortened', () => {
	expect(toFileName('x'.repeat(300))).toHaveLength(100);
});

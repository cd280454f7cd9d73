import { expect, test } from 'vitest';
import { describeEarlier, linkToEarlier, sentenceOfHash } from './earlier';

const now = new Date(2026, 10, 29, 12);
const earlier = (day: string) => ({ episode_id: 'a1', sentence_id: 4, day });

test.each([
	['2026-11-29', 'Told today'],
	['2026-11-28', 'Told yesterday'],
	['2026-11-23', 'Told on Monday'],
	['2026-11-22', 'Told on 22 Nov'],
	['2025-12-31', 'Told on 31 Dec 2025'],
	['2026-11-30', 'Told on 30 Nov']
])('%s is %j', (day, words) => {
	expect(describeEarlier(earlier(day), now)).toBe(words);
});

test('the link leads to the sentence', () => {
	expect(linkToEarlier(earlier('2026-11-23'))).toBe('/dashboard/podcast/a1#sentence-4');
	expect(linkToEarlier({ ...earlier('2026-11-23'), episode_id: null })).toBeNull();
});

test.each([
	['#sentence-4', 4],
	['#sentence-', null],
	['#transcript', null],
	['', null]
])('the hash %j is sentence %j', (hash, id) => {
	expect(sentenceOfHash(hash)).toBe(id);
});

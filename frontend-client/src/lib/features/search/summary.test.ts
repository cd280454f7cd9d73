import { expect, test } from 'vitest';
import type { NewsletterMatch, StoryMatch } from '#lib/api/index.ts';
import { describeResults, type Results } from './summary';

const results = (stories: number, newsletters: number, hasMore = false): Results => ({
	text: 'salt',
	stories: Array.from({ length: stories }, () => ({}) as StoryMatch),
	newsletters: Array.from({ length: newsletters }, () => ({}) as NewsletterMatch),
	hasMoreStories: hasMore,
	hasMoreNewsletters: hasMore
});

test.each([
	[results(1, 0), 'Found 1 place in your episodes.'],
	[results(0, 2), 'Found 2 newsletters.'],
	[results(20, 5, true), 'Found at least 20 places in your episodes and at least 5 newsletters.'],
	[results(0, 0), 'Nothing found for “salt”.']
])('results are summarized', (found, sentence) => {
	expect(describeResults(found)).toBe(sentence);
});

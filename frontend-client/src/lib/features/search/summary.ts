/** What was found, in a sentence for screen readers. */

import type { NewsletterMatch, StoryMatch } from '#lib/api/index.ts';
import { pluralize } from '#lib/format.ts';

export type Results = {
	/** The text that was searched. */
	text: string;
	stories: StoryMatch[];
	newsletters: NewsletterMatch[];
	hasMoreStories: boolean;
	hasMoreNewsletters: boolean;
};

/** `Found 3 places in your episodes and at least 5 newsletters.` */
export function describeResults(results: Results): string {
	const { text, stories, newsletters } = results;
	const found = [
		stories.length && `${count(stories.length, 'place', results.hasMoreStories)} in your episodes`,
		newsletters.length && count(newsletters.length, 'newsletter', results.hasMoreNewsletters)
	].filter(Boolean);
	return found.length ? `Found ${found.join(' and ')}.` : `Nothing found for “${text}”.`;
}

function count(number: number, thing: string, hasMore: boolean): string {
	return `${hasMore ? 'at least ' : ''}${pluralize(number, thing)}`;
}

/** The address of what was found in an episode. */

import type { StoryMatch } from '#lib/api/index.ts';

/** Of the sentence in the transcript, or of the episode if none is known. */
export function linkToStory({ episode_id, sentence_id }: StoryMatch): string {
	const page = `/dashboard/podcast/${episode_id}`;
	return sentence_id === null ? page : `${page}#sentence-${sentence_id}`;
}

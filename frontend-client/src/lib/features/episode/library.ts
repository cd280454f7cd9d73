/** Which part of the library an episode belongs to. */

import type { PlaybackFilter, Podcast } from '#lib/api/index.ts';
import { isBrewing } from './progress';

export type Filter = 'all' | PlaybackFilter;
export type Heard = { seconds: number; finished: boolean };

export const FILTER_NAMES: Record<Filter, string> = {
	all: 'All',
	new: 'New',
	unfinished: 'Unfinished',
	played: 'Played'
};

export function playbackState({ seconds, finished }: Heard): PlaybackFilter {
	if (finished) return 'played';
	return seconds > 0 ? 'unfinished' : 'new';
}

export type Group = { name: string; episodes: Podcast[] };

/**
 * The library as it is listened to: what is being brewed, what to continue, what is new, what was played. Empty
 * groups are left out.
 */
export function groupEpisodes(list: Podcast[], heard: (episode: Podcast) => Heard): Group[] {
	const groups: Record<string, Podcast[]> = { Brewing: [], Continue: [], New: [], Played: [] };
	const names = { new: 'New', unfinished: 'Continue', played: 'Played' };
	for (const episode of list) {
		const name = isBrewing(episode) ? 'Brewing' : names[playbackState(heard(episode))];
		groups[name]!.push(episode);
	}
	return Object.entries(groups)
		.filter(([, episodes]) => episodes.length)
		.map(([name, episodes]) => ({ name, episodes }));
}

import { expect, test } from 'vitest';
import type { Podcast, Stage } from '#lib/api/index.ts';
import { groupEpisodes, playbackState } from './library';

const episode = (id: string, status: Stage = 'ready') => ({ id, status }) as Podcast;
const HEARD: Record<string, { seconds: number; finished: boolean }> = {
	begun: { seconds: 90, finished: false },
	done: { seconds: 300, finished: true },
	unplayed: { seconds: 0, finished: false }
};
const heard = ({ id }: Podcast) => HEARD[id] ?? { seconds: 0, finished: false };

test.each([
	[{ seconds: 0, finished: false }, 'new'],
	[{ seconds: 3, finished: false }, 'unfinished'],
	[{ seconds: 0, finished: true }, 'played']
] as const)('%j is %s', (position, state) => expect(playbackState(position)).toBe(state));

test('what is brewing comes first, then what to continue, what is new and what was played', () => {
	const list = [
		episode('done'),
		episode('fresh'),
		episode('failed', 'failed'),
		episode('begun'),
		episode('unplayed'),
		episode('brew', 'speaking')
	];
	const groups = groupEpisodes(list, heard).map(({ name, episodes }) => [
		name,
		episodes.map(({ id }) => id)
	]);

	expect(groups).toEqual([
		['Brewing', ['brew']],
		['Continue', ['begun']],
		['New', ['fresh', 'failed', 'unplayed']],
		['Played', ['done']]
	]);
});

test('an empty group is left out', () => {
	expect(groupEpisodes([episode('fresh')], heard).map(({ name }) => name)).toEqual(['New']);
});

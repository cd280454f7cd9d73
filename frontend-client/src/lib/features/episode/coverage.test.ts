import { expect, test } from 'vitest';
import type { EpisodeNewsletter } from '#lib/api/index.ts';
import { groupByCoverage, describeNewsletterCount, describeLeftOut } from './coverage';

const newsletter = (mail_id: string, more: Partial<EpisodeNewsletter>): EpisodeNewsletter => ({
	mail_id,
	sender: 'Harbour Notes',
	subject: 'Letter',
	told: false,
	left_out: null,
	...more
});

test.each([
	[4, 30, '4 of 30 newsletters'],
	[0, 1, '0 of 1 newsletter'],
	[30, 30, '30 newsletters'],
	[null, 1, '1 newsletter']
])('%j covered of %j is %j', (newsletters_told, source_emails, words) => {
	expect(describeNewsletterCount({ newsletters_told, source_emails })).toBe(words);
});

test('newsletters without time wait, others are left out', () => {
	const coverage = groupByCoverage([
		newsletter('a', { told: true }),
		newsletter('b', { left_out: 'time' }),
		newsletter('c', { left_out: 'language' }),
		newsletter('d', { left_out: 'refused' }),
		newsletter('e', { repeat_of: { episode_id: 'x', sentence_id: 3, day: '2026-11-23' } })
	]);
	const ids = (list: EpisodeNewsletter[] = []) => list.map(({ mail_id }) => mail_id);
	expect(ids(coverage?.inEpisode)).toEqual(['a']);
	expect(ids(coverage?.repeated)).toEqual(['e']);
	expect(ids(coverage?.waiting)).toEqual(['b']);
	expect(ids(coverage?.leftOut)).toEqual(['c', 'd']);
});

test('there is no coverage before it is known', () => {
	expect(groupByCoverage([])).toBeNull();
	expect(groupByCoverage([newsletter('a', { told: null })])).toBeNull();
});

test('every reason has a message', () => {
	for (const why of ['time', 'language', 'empty', 'refused'] as const)
		expect(describeLeftOut(why)).toMatch(/\.$/);
	expect(describeLeftOut(null)).toBe('');
});

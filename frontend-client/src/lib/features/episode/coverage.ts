/** Which of its newsletters an episode covers. */

import type { EpisodeNewsletter, LeftOut, Podcast } from '#lib/api/index.ts';
import { pluralize } from '#lib/format.ts';

/** `4 of 30 newsletters`, or `4 newsletters` if it covers all of them or that is not known yet. */
export function describeNewsletterCount({
	newsletters_told: count,
	source_emails: total
}: Pick<Podcast, 'newsletters_told' | 'source_emails'>): string {
	return count === null || count === total
		? pluralize(total, 'newsletter')
		: `${count} of ${pluralize(total, 'newsletter')}`;
}

const LEFT_OUT_REASONS: Record<LeftOut, string> = {
	time: 'It didn’t fit.',
	language: 'The voice doesn’t support its language.',
	empty: 'There was nothing in it to cover.',
	refused: 'No sentence about it passed the check against its source.'
};

/**
 * `repeated`: earlier episodes told all of it. `waiting`: for lack of time; the next order starts with these.
 * `leftOut`: for other reasons.
 */
export type Coverage = Record<
	'inEpisode' | 'repeated' | 'waiting' | 'leftOut',
	EpisodeNewsletter[]
>;

/** Null while it is not known which newsletters the episode covers. */
export function groupByCoverage(newsletters: readonly EpisodeNewsletter[]): Coverage | null {
	if (!newsletters.length || newsletters.some(({ told }) => told === null)) return null;
	const rest = newsletters.filter(({ told, repeat_of }) => !told && !repeat_of);
	return {
		inEpisode: newsletters.filter(({ told }) => told),
		repeated: newsletters.filter(({ told, repeat_of }) => !told && repeat_of),
		waiting: rest.filter(({ left_out }) => left_out === 'time'),
		leftOut: rest.filter(({ left_out }) => left_out !== 'time')
	};
}

export function describeLeftOut(reason: LeftOut | null): string {
	return reason ? LEFT_OUT_REASONS[reason] : '';
}

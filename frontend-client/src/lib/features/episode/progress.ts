/** How far a brew has come, in words. */

import type { Podcast, Stage } from '$lib/api';

const WORDS: Record<Stage, string> = {
	waiting: 'Waiting for its turn',
	gathering: 'Collecting your newsletters',
	planning: 'Choosing the stories',
	writing: 'Writing the script',
	checking: 'Checking every sentence against its source',
	speaking: 'Recording the voices',
	joining: 'Joining the recording',
	ready: 'Ready to play',
	failed: 'Failed',
	cancelled: 'Cancelled'
};

/** What the app knows of one brew. `percent` never falls while a brew goes on. */
export type Progress = { stage: Stage; done: number; total: number; percent: number };

/** The beginning of a brew, before the first event of it. */
export const AT_FIRST: Progress = { stage: 'waiting', done: 0, total: 0, percent: 0 };

const ENDS: readonly Stage[] = ['ready', 'failed', 'cancelled'];

export function ended(stage: Stage): boolean {
	return ENDS.includes(stage);
}

export function brewing(episode: Pick<Podcast, 'status'>): boolean {
	return !ended(episode.status);
}

/** What is known after one more event. */
export function after(known: Progress, { stage, done, total, percent }: Progress): Progress {
	return { stage, done, total, percent: Math.max(known.percent, percent) };
}

/** `Recording the voices · 12 of 30`. */
export function words({ stage, done, total }: Progress): string {
	return total > 0 && !ended(stage) ? `${WORDS[stage]} · ${done} of ${total}` : WORDS[stage];
}

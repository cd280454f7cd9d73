/** A brew's progress as text. */

import type { Podcast, Stage } from '#lib/api/index.ts';

const STAGE_LABELS: Record<Stage, string> = {
	waiting: 'Waiting in line',
	gathering: 'Collecting your newsletters',
	planning: 'Choosing the stories',
	writing: 'Writing the script',
	checking: 'Checking every sentence against its source',
	speaking: 'Recording the voices',
	joining: 'Finishing the audio',
	ready: 'Ready to play',
	failed: 'Failed',
	cancelled: 'Cancelled'
};

/** Progress of one brew. `percent` never decreases. */
export type Progress = { stage: Stage; done: number; total: number; percent: number };

/** Progress before the first event. */
export const INITIAL_PROGRESS: Progress = { stage: 'waiting', done: 0, total: 0, percent: 0 };

const FINAL_STAGES: readonly Stage[] = ['ready', 'failed', 'cancelled'];

export function isFinal(stage: Stage): boolean {
	return FINAL_STAGES.includes(stage);
}

export function isBrewing(episode: Pick<Podcast, 'status'>): boolean {
	return !isFinal(episode.status);
}

/** The progress after one more event. */
export function mergeProgress(
	current: Progress,
	{ stage, done, total, percent }: Progress
): Progress {
	return { stage, done, total, percent: Math.max(current.percent, percent) };
}

/** `Recording the voices · 12 of 30`. */
export function describeProgress({ stage, done, total }: Progress): string {
	return total > 0 && !isFinal(stage)
		? `${STAGE_LABELS[stage]} · ${done} of ${total}`
		: STAGE_LABELS[stage];
}

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
export type Progress = {
	stage: Stage;
	done: number;
	total: number;
	percent: number;
	awaits_review?: boolean;
	seconds_left?: number | null;
};

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
export function mergeProgress(current: Progress, { percent, ...state }: Progress): Progress {
	return { ...state, percent: Math.max(current.percent, percent) };
}

/** `Recording the voices · 12 of 30`. */
export function describeProgress({ stage, done, total, awaits_review }: Progress): string {
	if (awaits_review) return 'Waiting for you to read the script';
	return total > 0 && !isFinal(stage)
		? `${STAGE_LABELS[stage]} · ${done} of ${total}`
		: STAGE_LABELS[stage];
}

/** `about 2 minutes left`, or nothing if it is unknown. */
export function describeTimeLeft({ seconds_left: seconds }: Progress): string {
	if (seconds === null || seconds === undefined) return '';
	if (seconds < 10) return 'a few seconds left';
	if (seconds < 60) return `about ${Math.round(seconds / 10) * 10} seconds left`;
	const minutes = Math.round(seconds / 60);
	return `about ${minutes} ${minutes === 1 ? 'minute' : 'minutes'} left`;
}

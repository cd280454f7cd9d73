/** The sentences and chapters of a script, by time. */

import type {
	EarlierSentence,
	EpisodeScript,
	ScriptSegment,
	SpokenSentence
} from '#lib/api/index.ts';

/** A sentence with its start and end in seconds and the index of its chapter. */
export type Cue = SpokenSentence & { start: number; end: number; chapter: number };

/** Every spoken sentence, in order. */
export function listCues(script: Pick<EpisodeScript, 'segments'>): Cue[] {
	return script.segments.flatMap((segment, chapter) =>
		segment.sentences.filter(isSpoken).map((sentence) => ({ ...sentence, chapter }))
	);
}

function isSpoken(
	sentence: SpokenSentence
): sentence is SpokenSentence & Pick<Cue, 'start' | 'end'> {
	return sentence.start !== null && sentence.end !== null;
}

/** Seconds that an item may start after the time: after a seek, a browser's time is rounded down. */
const TOLERANCE = 0.0005;

/** Index of the last item that has started at `time`, or -1. `items` must be sorted by `start`. */
export function findCurrentIndex(items: readonly { start: number }[], time: number): number {
	let low = 0;
	let high = items.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (items[middle]!.start <= time + TOLERANCE) low = middle + 1;
		else high = middle;
	}
	return low - 1;
}

/** Consecutive sentences of one speaker. */
export type SpeakerTurn = { speaker: Cue['speaker']; cues: Cue[] };

/** One chapter of the transcript. */
export type Chapter = {
	title: string;
	language: string;
	start: number;
	/** Words of the listener's interests that it has. */
	chosenBecause: string[];
	/** Where an earlier episode told the story, if this is an update. */
	updateOf: EarlierSentence | null;
	turns: SpeakerTurn[];
};

/** Group the script by chapter and speaker. Chapters without a spoken sentence are left out. */
export function buildChapters(segments: readonly ScriptSegment[]): Chapter[] {
	return segments.flatMap((segment, number) => {
		const chapterCues = listCues({ segments: [segment] }).map((cue) => ({
			...cue,
			chapter: number
		}));
		const start = segment.start ?? chapterCues[0]?.start;
		const { title, language } = segment;
		if (start === undefined) return [];
		const chosenBecause = segment.chosen_because ?? [];
		const updateOf = segment.update_of ?? null;
		const turns = groupBySpeaker(chapterCues);
		return [{ title, language, start, chosenBecause, updateOf, turns }];
	});
}

function groupBySpeaker(cues: Cue[]): SpeakerTurn[] {
	const turns: SpeakerTurn[] = [];
	for (const cue of cues) {
		const last = turns.at(-1);
		if (last?.speaker === cue.speaker) last.cues.push(cue);
		else turns.push({ speaker: cue.speaker, cues: [cue] });
	}
	return turns;
}

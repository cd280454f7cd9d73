import { describe, expect, test } from 'vitest';
import type { ScriptSegment, SpokenSentence } from '#lib/api/index.ts';
import { buildChapters, findCurrentIndex, listCues } from './cues';

function sentence(id: number, start: number | null, speaker: 'first' | 'second' = 'first') {
	const end = start === null ? null : start + 1;
	return {
		id,
		text: `Sentence ${id}.`,
		speaker,
		kind: 'sourced',
		start,
		end,
		cites: []
	} as SpokenSentence;
}

function segment(title: string, ...sentences: SpokenSentence[]): ScriptSegment {
	return { title, language: 'en', start: sentences[0]?.start ?? null, end: null, sentences };
}

describe('the current sentence', () => {
	const items = [{ start: 0 }, { start: 2 }, { start: 2.5 }, { start: 9 }];

	test.each([
		[-0.1, -1],
		[0, 0],
		[1.999, 0],
		[2, 1],
		[2.5, 2],
		[8.9, 2],
		[9, 3],
		[1e9, 3]
	])('at %d s is number %d', (time, number) => {
		expect(findCurrentIndex(items, time)).toBe(number);
	});

	test('is none without sentences', () => {
		expect(findCurrentIndex([], 5)).toBe(-1);
	});

	test('is the one that was played from, although the browser rounds its start', () => {
		const start = 9.502041666666667;

		expect(findCurrentIndex([{ start: 5 }, { start }], 9.502041)).toBe(1);
	});

	test('is the same as with a linear search through ten thousand', () => {
		const many = Array.from({ length: 10_000 }, (_, number) => ({ start: number * 0.7 }));
		const times = [0, 0.69, 0.7, 3500.05, 6999.3];

		expect(times.map((time) => findCurrentIndex(many, time))).toEqual(
			times.map((time) => many.findLastIndex((cue) => cue.start <= time))
		);
	});
});

test('cues are spoken sentences with their chapter', () => {
	const cues = listCues({
		segments: [segment('A', sentence(1, 0)), segment('B', sentence(2, 3), sentence(3, null))]
	});

	expect(cues.map((cue) => [cue.id, cue.chapter])).toEqual([
		[1, 0],
		[2, 1]
	]);
});

test('a chapter is grouped by speaker', () => {
	const [chapter] = buildChapters([
		segment('A', sentence(1, 0), sentence(2, 1), sentence(3, 2, 'second'), sentence(4, 3))
	]);

	expect(chapter!.turns.map((turn) => [turn.speaker, turn.cues.map((cue) => cue.id)])).toEqual([
		['first', [1, 2]],
		['second', [3]],
		['first', [4]]
	]);
});

test('a chapter without spoken sentences is left out', () => {
	expect(buildChapters([segment('Silent', sentence(1, null))])).toEqual([]);
});

test('a chapter has the words of the interests that its story matches', () => {
	const [plain, chosen] = buildChapters([
		segment('A', sentence(1, 0)),
		{ ...segment('B', sentence(2, 3)), chosen_because: ['chess'] }
	]);

	expect([plain!.chosenBecause, chosen!.chosenBecause]).toEqual([[], ['chess']]);
	expect(plain!.updateOf).toBeNull();
});

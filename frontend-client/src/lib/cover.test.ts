import { expect, test } from 'vitest';
import { coverArt } from './cover';

test('a cover depends only on the episode', () => {
	expect(coverArt('7b0e')).toEqual(coverArt('7b0e'));
	expect(coverArt('7b0e')).not.toEqual(coverArt('7b0f'));
});

test('every cover stays within its frame', () => {
	const covers = Array.from({ length: 500 }, (_, number) => coverArt(`episode ${number}`));

	expect(covers.flatMap((cover) => cover.bars).every((bar) => bar >= 0.2 && bar <= 1)).toBe(true);
	expect(new Set(covers.map((cover) => cover.hue))).toEqual(new Set([0, 1, 2, 3, 4, 5]));
});

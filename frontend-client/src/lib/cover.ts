/** Cover art derived from an episode's id. */

export type CoverArt = { hue: number; bars: number[]; turn: number };

const BARS = 7;

/** `hue` is an index from 0 to 5, `bars` are relative heights from 0.2 to 1, `turn` is in degrees. */
export function coverArt(id: string): CoverArt {
	const next = createRandom(id);
	return {
		hue: Math.floor(next() * 6),
		turn: Math.floor(next() * 360),
		bars: Array.from({ length: BARS }, (_, index) => barHeight(index, next()))
	};
}

/** A bar's height; bars in the middle are higher. */
function barHeight(index: number, random: number): number {
	const middle = 1 - Math.abs(index - (BARS - 1) / 2) / BARS;
	return Math.round((0.2 + 0.8 * middle * (0.45 + 0.55 * random)) * 100) / 100;
}

/** Repeatable pseudorandom numbers from 0 to 1: mulberry32, seeded with an FNV hash of the text. */
function createRandom(text: string): () => number {
	let seed = 0x811c9dc5;
	for (const letter of text) seed = Math.imul(seed ^ letter.codePointAt(0)!, 0x01000193);
	return () => {
		seed = (seed + 0x6d2b79f5) | 0;
		let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
	};
}

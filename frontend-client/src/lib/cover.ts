/** Cover art made from an episode's id: the same id gives the same cup. */

export type Art = { hue: number; bars: number[]; turn: number };

const BARS = 7;

/** `hue` is one of six roasts, `bars` are heights of the sound in the foam (0.2 to 1), `turn` is in degrees. */
export function art(id: string): Art {
	const next = numbers(id);
	return {
		hue: Math.floor(next() * 6),
		turn: Math.floor(next() * 360),
		bars: Array.from({ length: BARS }, (_, place) => height(place, next()))
	};
}

/** Higher in the middle, like a voice. */
function height(place: number, chance: number): number {
	const middle = 1 - Math.abs(place - (BARS - 1) / 2) / BARS;
	return Math.round((0.2 + 0.8 * middle * (0.45 + 0.55 * chance)) * 100) / 100;
}

/** A small repeatable sequence of numbers from 0 to 1 (mulberry32 over an FNV hash). */
function numbers(text: string): () => number {
	let seed = 0x811c9dc5;
	for (const letter of text) seed = Math.imul(seed ^ letter.codePointAt(0)!, 0x01000193);
	return () => {
		seed = (seed + 0x6d2b79f5) | 0;
		let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
	};
}

/** What this browser knows of the two sides from one visit to the next, for a day when one does not answer. */

import type { Rollout, Side } from './side.ts';

export type Kept = {
	/** As it was told last; null where there is one side, undefined before anything was told. */
	rollout?: Rollout | null;
	/** The last listener's bucket: all that is needed to decide before it is known who listens. */
	bucket?: number;
	/** Until when a side that failed is left alone, in milliseconds of the clock. */
	rests?: Partial<Record<Side, number>>;
};

export type Memory = {
	read: () => Kept;
	keep: (kept: Kept) => void;
	/** The side that answers now: what the browser asks for by itself (pages, audio, feeds) goes there. */
	mark: (side: Side | null) => void;
};

const KEY = 'audiobrew.rollout';
const COOKIE = 'audiobrew_side';
const A_YEAR = 365 * 86_400;

export const inBrowser: Memory = {
	read() {
		try {
			return sound(JSON.parse(localStorage.getItem(KEY) ?? '{}'));
		} catch {
			return {}; // not ours, or the browser keeps nothing for anybody
		}
	},
	keep(kept) {
		try {
			localStorage.setItem(KEY, JSON.stringify(kept));
		} catch {
			// This visit knows it, and the next one asks.
		}
	},
	mark(side) {
		const secure = location.protocol === 'https:' ? '; secure' : '';
		const age = side ? A_YEAR : 0;
		document.cookie = `${COOKIE}=${side ?? ''}; path=/; max-age=${age}; samesite=lax${secure}`;
	}
};

function sound(found: unknown): Kept {
	const kept = (found ?? {}) as Kept;
	const rollout = kept.rollout;
	return !rollout || (typeof rollout.percent === 'number' && typeof rollout.salt === 'string')
		? kept
		: {};
}

/** What this browser knows of the two sides from one visit to the next, for a day when one does not answer. */

import { storage } from '../storage.ts';
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
		return storage.readJson(KEY, isKept) ?? {};
	},
	keep(kept) {
		storage.writeJson(KEY, kept);
	},
	mark(side) {
		const secure = location.protocol === 'https:' ? '; secure' : '';
		const age = side ? A_YEAR : 0;
		document.cookie = `${COOKIE}=${side ?? ''}; path=/; max-age=${age}; samesite=lax${secure}`;
	}
};

function isKept(found: unknown): found is Kept {
	if (typeof found !== 'object' || found === null || Array.isArray(found)) return false;
	const { rollout, bucket = 0, rests = {} } = found as Kept;
	return (
		Number.isFinite(bucket) &&
		typeof rests === 'object' &&
		rests !== null &&
		Object.values(rests).every(Number.isFinite) &&
		(!rollout || (typeof rollout.percent === 'number' && typeof rollout.salt === 'string'))
	);
}

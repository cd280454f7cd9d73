/** What this browser remembers of the rollout between visits, for the case that a side does not respond. */

import { storage } from '../storage.ts';
import type { Rollout, Side } from './side.ts';

export type RolloutState = {
	/** The last configuration; null where there is one side, undefined before the first response. */
	rollout?: Rollout | null;
	/** The last listener's bucket, which decides until it is known who is signed in. */
	bucket?: number;
	/** Until when a failing side is not used, in milliseconds since the epoch. */
	rests?: Partial<Record<Side, number>>;
};

export type RolloutStorage = {
	read: () => RolloutState;
	save: (state: RolloutState) => void;
	/** Route what the browser requests by itself (pages, audio, feeds) to a side; null removes the cookie. */
	setSideCookie: (side: Side | null) => void;
};

const KEY = 'audiobrew.rollout';
const COOKIE = 'audiobrew_side';
const YEAR_SECONDS = 365 * 86_400;

export const browserStorage: RolloutStorage = {
	read() {
		return storage.readJson(KEY, isRolloutState) ?? {};
	},
	save(state) {
		storage.writeJson(KEY, state);
	},
	setSideCookie(side) {
		const secure = location.protocol === 'https:' ? '; secure' : '';
		const age = side ? YEAR_SECONDS : 0;
		document.cookie = `${COOKIE}=${side ?? ''}; path=/; max-age=${age}; samesite=lax${secure}`;
	}
};

function isRolloutState(value: unknown): value is RolloutState {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
	const { rollout, bucket = 0, rests = {} } = value as RolloutState;
	return (
		Number.isFinite(bucket) &&
		typeof rests === 'object' &&
		rests !== null &&
		Object.values(rests).every(Number.isFinite) &&
		(!rollout || (typeof rollout.percent === 'number' && typeof rollout.salt === 'string'))
	);
}

/** Each listener's position in each episode, stored in this browser. */

import { scope } from '$lib/listener_scope.svelte';
import { storage } from '$lib/storage';

/** The key of older versions, which did not store whose positions these were. */
const EVERYBODYS = 'audiobrew.heard';
const KEPT = 200;

type Heard = [id: string, seconds: number][];

const key = () => (scope.id ? `${EVERYBODYS}.${scope.id}` : null);

function isHeard(value: unknown): value is Heard {
	return (
		Array.isArray(value) &&
		value.every(
			(one) => Array.isArray(one) && typeof one[0] === 'string' && Number.isFinite(one[1])
		)
	);
}

function all(): Heard {
	const own = key();
	return (own && storage.readJson(own, isHeard)) || [];
}

export const playbackPositions = {
	/** Seconds into the episode; 0 if there is no position. */
	get(id: string): number {
		return all().find(([known]) => known === id)?.[1] ?? 0;
	},

	/** Save the position; a finished episode starts from the beginning again. */
	save(id: string, seconds: number, duration: number) {
		const own = key();
		if (!own) return;
		const others = all().filter(([known]) => known !== id);
		const heard: Heard = seconds > duration - 5 ? others : [[id, Math.floor(seconds)], ...others];
		storage.writeJson(own, heard.slice(0, KEPT));
		storage.remove(EVERYBODYS);
	}
};

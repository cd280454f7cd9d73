/** Each listener's position in each episode, stored in this browser. */

import { scope } from '#lib/listener_scope.svelte.ts';
import { storage } from '#lib/storage.ts';

/** The key of older versions, which did not store whose positions these were. */
const SHARED_KEY = 'audiobrew.heard';
const MAX_POSITIONS = 200;

type Positions = [id: string, seconds: number][];

const key = () => (scope.id ? `${SHARED_KEY}.${scope.id}` : null);

function isPositions(value: unknown): value is Positions {
	return (
		Array.isArray(value) &&
		value.every(
			(entry) => Array.isArray(entry) && typeof entry[0] === 'string' && Number.isFinite(entry[1])
		)
	);
}

function readAll(): Positions {
	const ownKey = key();
	return (ownKey && storage.readJson(ownKey, isPositions)) || [];
}

export const playbackPositions = {
	/** Seconds into the episode; 0 if there is no position. */
	get(id: string): number {
		return readAll().find(([episodeId]) => episodeId === id)?.[1] ?? 0;
	},

	/** Save the position; a finished episode starts from the beginning again. */
	save(id: string, seconds: number, duration: number) {
		const ownKey = key();
		if (!ownKey) return;
		const others = readAll().filter(([episodeId]) => episodeId !== id);
		const positions: Positions =
			seconds > duration - 5 ? others : [[id, Math.floor(seconds)], ...others];
		storage.writeJson(ownKey, positions.slice(0, MAX_POSITIONS));
		storage.remove(SHARED_KEY);
	}
};

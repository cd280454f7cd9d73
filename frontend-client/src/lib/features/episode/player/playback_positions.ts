/** How far each listener heard each episode, kept in this browser. */

import { scope } from '$lib/listener_scope.svelte';
import { storage } from '$lib/storage';

/** Kept by older versions for whoever listened: nobody can say whose it is. */
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
	/** Seconds into the episode. */
	get(id: string): number {
		return all().find(([known]) => known === id)?.[1] ?? 0;
	},

	/** Remember it; an episode heard to its end begins anew. */
	save(id: string, seconds: number, duration: number) {
		const own = key();
		if (!own) return;
		const others = all().filter(([known]) => known !== id);
		const heard: Heard = seconds > duration - 5 ? others : [[id, Math.floor(seconds)], ...others];
		storage.writeJson(own, heard.slice(0, KEPT));
		storage.remove(EVERYBODYS);
	}
};

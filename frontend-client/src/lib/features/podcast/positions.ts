/** How far each episode was heard, kept in this browser. */

const KEY = 'audiobrew.heard';
const KEPT = 200;

type Heard = [id: string, seconds: number][];

function all(): Heard {
	try {
		const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
		return Array.isArray(kept) ? (kept as Heard) : [];
	} catch {
		return []; // somebody else wrote there; it is only a convenience
	}
}

export const positions = {
	/** Seconds into the episode. */
	of(id: string): number {
		return Number(all().find(([known]) => known === id)?.[1] ?? 0) || 0;
	},

	/** Remember it; an episode heard to its end begins anew. */
	keep(id: string, seconds: number, duration: number) {
		const others = all().filter(([known]) => known !== id);
		const heard: Heard = seconds > duration - 5 ? others : [[id, Math.floor(seconds)], ...others];
		localStorage.setItem(KEY, JSON.stringify(heard.slice(0, KEPT)));
	}
};

/** How fast the listener plays episodes, kept in this browser. */

export const SPEEDS = [0.8, 1, 1.2, 1.5, 1.75, 2];

const KEY = 'audiobrew.speed';
const NORMAL = 1;

export const speed = {
	read(): number {
		try {
			const kept = Number(localStorage.getItem(KEY));
			return SPEEDS.includes(kept) ? kept : NORMAL;
		} catch {
			return NORMAL; // the browser keeps nothing, or there is none
		}
	},

	keep(value: number) {
		try {
			localStorage.setItem(KEY, String(value));
		} catch {
			// It lasts for this visit.
		}
	}
};

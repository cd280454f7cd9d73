/** The listener's playback speed, stored in this browser. */

import { storage } from '#lib/storage.ts';

export const SPEEDS = [0.8, 1, 1.2, 1.5, 1.75, 2];

const KEY = 'audiobrew.speed';
const NORMAL = 1;

export const playbackSpeed = {
	read(): number {
		const stored = Number(storage.read(KEY));
		return SPEEDS.includes(stored) ? stored : NORMAL;
	},

	save(value: number) {
		storage.write(KEY, String(value));
	}
};

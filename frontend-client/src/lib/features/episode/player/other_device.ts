/** Finds out whether another device has gone on with the episode that is loaded. */

import { ApiError } from '#lib/api_error.ts';
import type { Playback } from '#lib/api/index.ts';
import { episodes } from '../episodes.svelte';
import { playbackPositions } from './playback_positions.svelte';

/** A position that is closer than this is the same, in seconds. */
const SAME_POSITION = 10;

type Loaded = {
	episode: { id: string } | null;
	time: number;
	paused: boolean;
	offer: Playback | null;
};

/** Ask the backend. `player` is read again after the answer: it may play something else by then. */
export async function lookElsewhere(player: Loaded) {
	const id = player.episode?.id;
	if (!id) return;
	if (player.paused) await playbackPositions.flush();
	try {
		const other = playbackPositions.elsewhere(await episodes.reload(id));
		const isHere = other && Math.abs(other.seconds - player.time) < SAME_POSITION;
		if (player.episode?.id === id) player.offer = isHere ? null : other;
	} catch (error) {
		if (!(error instanceof ApiError)) throw error;
	}
}

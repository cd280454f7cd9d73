/**
 * Where the listener is in each episode. A position is stored in this browser at once, and sent to the backend now
 * and then, or when it can be reached again. The backend keeps the latest one of all devices.
 */

import { SvelteMap } from 'svelte/reactivity';
import { setPlayback, unwrap, type Playback, type Podcast } from '#lib/backend.ts';
import { ApiError } from '#lib/api_error.ts';
import { connection } from '#lib/connection.svelte.ts';
import { perListener, scope } from '#lib/listener_scope.svelte.ts';
import { storage } from '#lib/storage.ts';
import { episodes } from '../episodes.svelte';

/**
 * `at` is this browser's time. `storedAt` is the backend's time of the position that it holds; null if this
 * one was not sent yet.
 */
type Position = { seconds: number; finished: boolean; at: number; storedAt: string | null };
type Heard = Pick<Podcast, 'id' | 'playback'>;

const MAX_POSITIONS = 200;
/** An episode is finished this many seconds before its end. */
const CLOSING_SECONDS = 5;
/** The backend stores no position behind the end, which the browser may measure differently. */
const TOLERANCE_SECONDS = 1;
const MAX_AGE_SECONDS = 365 * 86_400;
const NOWHERE = { seconds: 0, finished: false };
/** Sent, but the backend holds a later position of another device. */
const SUPERSEDED = '1970-01-01T00:00:00Z';

/** The key of older versions, which stored only seconds. */
const oldKey = (listener: string) => `audiobrew.heard.${listener}`;
const key = (listener: string) => `audiobrew.positions.${listener}`;

function isPosition(value: unknown): value is Position {
	const { seconds, at, finished, storedAt } = (value ?? {}) as Position;
	const isTime =
		storedAt === null || (typeof storedAt === 'string' && !isNaN(Date.parse(storedAt)));
	return Number.isFinite(seconds) && Number.isFinite(at) && typeof finished === 'boolean' && isTime;
}

const isEntry = (value: unknown): value is [string, unknown] =>
	Array.isArray(value) && typeof value[0] === 'string';
const isList = (value: unknown): value is unknown[] => Array.isArray(value);

/** The positions in storage. Nobody knows when those of older versions were heard: any other is later. */
function readAll(listener: string): [string, Position][] {
	const entries = (storage.readJson(key(listener), isList) ?? []).filter(isEntry);
	const positions = entries.flatMap(([id, value]): [string, Position][] =>
		isPosition(value) ? [[id, value]] : []
	);
	const ids = new Set(positions.map(([id]) => id));
	const old = (storage.readJson(oldKey(listener), isList) ?? []).filter(isEntry);
	return old.reduce((all, [id, seconds]) => {
		const isUsable = Number.isFinite(seconds) && !ids.has(id);
		const position = { seconds: seconds as number, finished: false, at: 0, storedAt: null };
		return isUsable ? [...all, [id, position] as [string, Position]] : all;
	}, positions);
}

class PlaybackPositions {
	/** By episode id, the latest first. */
	#positions = new SvelteMap<string, Position>();
	#sending = new Set<string>();
	/** Have a later position to send after the one that is being sent. */
	#waiting = new Set<string>();
	#listener = scope.id;
	#stop = () => {};

	constructor() {
		if (!this.#listener) return;
		this.#read();
		const stopRecovery = connection.onRecovery(() => void this.flush());
		this.#stop = stopRecovery;
		if (typeof window === 'undefined') return;
		const followTabs = (event: StorageEvent) => {
			if (this.#listener && event.key === key(this.#listener)) this.#read();
		};
		addEventListener('storage', followTabs);
		this.#stop = () => {
			stopRecovery();
			removeEventListener('storage', followTabs);
		};
	}

	dispose() {
		this.#stop();
	}

	/** Where the listener is, on whichever device: seconds, and whether the episode counts as played. */
	of(episode: Heard): { seconds: number; finished: boolean } {
		const own = this.#positions.get(episode.id);
		return (own && !this.#isLater(episode, own) ? own : episode.playback) ?? NOWHERE;
	}

	/** Where playing begins. */
	start(episode: Heard): number {
		const { seconds, finished } = this.of(episode);
		return finished ? 0 : seconds;
	}

	/** The position of another device, if it is the latest one. */
	elsewhere(episode: Heard): Playback | null {
		const own = this.#positions.get(episode.id);
		const { playback } = episode;
		return playback && !playback.finished && (!own || this.#isLater(episode, own))
			? playback
			: null;
	}

	/** Whether the backend holds a later position than this one. */
	#isLater({ playback }: Heard, own: Position): boolean {
		if (!playback || own.storedAt === null) return false;
		return Date.parse(playback.heard_at) > Date.parse(own.storedAt);
	}

	/** Store in this browser where the listener is now. */
	save(id: string, seconds: number, duration: number) {
		const finished = duration > 0 && seconds > duration - CLOSING_SECONDS;
		this.#set(id, { seconds, finished, at: Date.now(), storedAt: null });
	}

	/** Mark an episode as played, or as not begun. */
	async mark(episode: Podcast, finished: boolean) {
		const seconds = finished ? (episode.seconds ?? 0) : 0;
		this.#set(episode.id, { seconds, finished, at: Date.now(), storedAt: null });
		await this.send(episode.id);
	}

	/** Send a position that was not sent yet. With `keepalive`, the request outlives the page. */
	async send(id: string, keepalive = false) {
		const own = this.#positions.get(id);
		if (!own || own.storedAt !== null) return;
		if (this.#sending.has(id) && !keepalive) return void this.#waiting.add(id);
		const { seconds, finished } = own;
		const age = Math.min(Math.max(0, (Date.now() - own.at) / 1000), MAX_AGE_SECONDS);
		const body = { seconds, finished, age_seconds: age };
		this.#sending.add(id);
		try {
			const stored = await unwrap(setPlayback({ path: { id }, body, keepalive }));
			const isOwn =
				stored.finished === finished && Math.abs(stored.seconds - seconds) < TOLERANCE_SECONDS;
			const storedAt = isOwn ? stored.heard_at : SUPERSEDED;
			if (this.#positions.get(id) === own) this.#set(id, { ...own, storedAt });
			episodes.setPlayback(id, stored);
		} catch (error) {
			// It is sent again later, unless the episode was deleted.
			const type = error instanceof ApiError ? error.type : undefined;
			if (type === '/problems/episode-not-found') this.#forget(id);
		} finally {
			this.#sending.delete(id);
		}
		if (this.#waiting.delete(id)) await this.send(id);
	}

	/** Send every position that was not sent yet. */
	async flush(keepalive = false) {
		const unsent = [...this.#positions].filter(([, { storedAt }]) => storedAt === null);
		await Promise.all(unsent.map(([id]) => this.send(id, keepalive)));
	}

	#read() {
		this.#positions.clear();
		for (const [id, position] of readAll(this.#listener!)) this.#positions.set(id, position);
	}

	#set(id: string, position: Position) {
		if (!this.#listener || this.#listener !== scope.id) return;
		const others = [...this.#positions].filter(([other]) => other !== id);
		const latest = others.slice(0, MAX_POSITIONS - 1);
		for (const [other] of others.slice(latest.length)) this.#positions.delete(other);
		this.#positions.set(id, position);
		storage.writeJson(key(this.#listener), [[id, position], ...latest]);
		storage.remove(oldKey(this.#listener));
	}

	#forget(id: string) {
		if (!this.#listener || this.#listener !== scope.id) return;
		this.#positions.delete(id);
		storage.writeJson(key(this.#listener), [...this.#positions]);
	}
}

export const playbackPositions = perListener(() => new PlaybackPositions());

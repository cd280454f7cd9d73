/** Stores episodes on this device, with audio and transcript, so that they play without a network. */

import {
	anonymous,
	fetchAudio,
	getConfig,
	getPodcast,
	getPodcastScript,
	unwrap,
	unwrapAnonymous,
	type EpisodeScript,
	type PodcastWithScript
} from '#lib/backend.ts';
import { ApiError, UNREACHABLE } from '#lib/api_error.ts';
import { formatSize } from '#lib/format.ts';
import { perListener, scope } from '#lib/listener_scope.svelte.ts';
import {
	audioPath,
	configPath,
	deleteDeviceCaches,
	deviceCacheName,
	episodePath
} from '#lib/pwa/device_caches.ts';
import { deviceEpisodes } from './device_episodes.svelte';

export type DeviceCopy = { episode: PodcastWithScript; script: EpisodeScript; bytes: number };

const NO_AUDIO = 'This episode can’t be downloaded right now. Please try again.';
const STORAGE_BLOCKED =
	'This browser doesn’t let AudioBrew store episodes. Private windows never do.';
const noSpace = (bytes: number) =>
	`There isn’t enough space on this device${bytes ? ` for ${formatSize(bytes)}` : ''}. ` +
	'Remove an episode from this device, or free some space.';

class Downloads {
	/** Newest first. */
	list = $state.raw<DeviceCopy[]>([]);
	readonly #controls = new Map<string, AbortController>();

	/** Read what is on this device. */
	async load() {
		const { signal } = scope;
		if (!scope.id || !globalThis.caches) return;
		const name = deviceCacheName(scope.id);
		const path = episodePath(scope.id, '').replace('.json', '');
		const copies: DeviceCopy[] = [];
		if (await caches.has(name)) {
			const cache = await caches.open(name);
			for (const request of await cache.keys()) {
				const { pathname } = new URL(request.url);
				if (!pathname.startsWith(path) || !pathname.endsWith('.json')) continue;
				const response = await cache.match(request);
				if (response) copies.push((await response.json()) as DeviceCopy);
			}
		}
		if (signal.aborted) return;
		this.list = copies.sort((one, other) =>
			other.episode.created_at.localeCompare(one.episode.created_at)
		);
		deviceEpisodes.sizes.clear();
		for (const { episode, bytes } of copies) deviceEpisodes.sizes.set(episode.id, bytes);
	}

	find(id: string): DeviceCopy | null {
		return this.list.find(({ episode }) => episode.id === id) ?? null;
	}

	/** Download an episode. Raises `ApiError` with a reason that the listener can read. */
	async add(id: string) {
		const listener = scope.id;
		if (!listener || this.#controls.has(id)) return;
		const control = new AbortController();
		const signal = AbortSignal.any([control.signal, scope.signal]);
		this.#controls.set(id, control);
		deviceEpisodes.progress.set(id, 0);
		let total = 0;
		try {
			const path = { id };
			const episode = await unwrap(getPodcast({ path, signal }));
			const script = await unwrap(getPodcastScript({ path, signal }));
			const config = await unwrapAnonymous(getConfig(anonymous));
			if (!episode.audio_url) throw new ApiError(NO_AUDIO);
			const audio = await fetchAudio(episode.audio_url, signal);
			if (!audio.ok || !audio.body) throw new ApiError(NO_AUDIO, audio.status);
			total = Number(audio.headers.get('Content-Length'));
			await requestSpace(total);
			signal.throwIfAborted();
			let bytes = 0;
			const counter = new TransformStream<Uint8Array, Uint8Array>({
				transform(chunk, controller) {
					bytes += chunk.byteLength;
					if (total) deviceEpisodes.progress.set(id, bytes / total);
					controller.enqueue(chunk);
				}
			});
			const headers = { 'Content-Type': audio.headers.get('Content-Type') ?? 'audio/mpeg' };
			const body = audio.body.pipeThrough(counter, { signal });
			const cache = await caches.open(deviceCacheName(listener));
			await cache.put(audioPath(listener, id), new Response(body, { headers }));
			await cache.put(configPath(listener), Response.json(config));
			const copy: DeviceCopy = { episode, script, bytes };
			await cache.put(episodePath(listener, id), Response.json(copy));
			signal.throwIfAborted();
			await this.load();
		} catch (error) {
			// The cache of a listener who has signed out meanwhile must not come back.
			if (listener !== scope.id) await deleteDeviceCaches(scope.id);
			else await this.#delete(listener, id);
			if (!signal.aborted) throw toApiError(error, total);
		} finally {
			this.#controls.delete(id);
			deviceEpisodes.progress.delete(id);
		}
	}

	cancel(id: string) {
		this.#controls.get(id)?.abort();
	}

	async remove(id: string) {
		this.cancel(id);
		if (scope.id) await this.#delete(scope.id, id);
		await this.load();
	}

	dispose() {
		for (const control of this.#controls.values()) control.abort();
	}

	async #delete(listener: string, id: string) {
		const name = deviceCacheName(listener);
		if (!globalThis.caches || !(await caches.has(name))) return;
		const cache = await caches.open(name);
		await cache.delete(episodePath(listener, id));
		await cache.delete(audioPath(listener, id));
	}
}

export const downloads = perListener(() => new Downloads());

/** Ask the browser to keep what is stored. Raises `ApiError` if there is no room for so many bytes. */
async function requestSpace(bytes: number) {
	if (!globalThis.caches || !navigator.storage) throw new ApiError(STORAGE_BLOCKED);
	void navigator.storage.persist?.();
	const { quota = Infinity, usage = 0 } = await navigator.storage.estimate();
	if (bytes > quota - usage) throw new ApiError(noSpace(bytes));
}

function toApiError(error: unknown, bytes: number): unknown {
	if (error instanceof DOMException && error.name === 'QuotaExceededError')
		return new ApiError(noSpace(bytes));
	if (error instanceof DOMException && error.name === 'SecurityError')
		return new ApiError(STORAGE_BLOCKED);
	return error instanceof TypeError ? new ApiError(UNREACHABLE) : error; // the network was lost
}

/** Which episodes are on this device. What stores them is loaded late (late_parts.ts). */

import { SvelteMap } from 'svelte/reactivity';
import { late } from '#lib/late.ts';
import { perListener, scope } from '#lib/listener_scope.svelte.ts';
import { audioPath } from '#lib/pwa/device_caches.ts';

class DeviceEpisodes {
	/** Bytes of each stored episode, by id. */
	readonly sizes = new SvelteMap<string, number>();
	/** How much of each unfinished download is stored, from 0 to 1, by episode id. */
	readonly progress = new SvelteMap<string, number>();

	/** The address of stored audio, which only a service worker answers; null if there is none. */
	audioUrl(id: string): string | null {
		const isServed = this.sizes.has(id) && navigator.serviceWorker?.controller;
		return isServed && scope.id ? audioPath(scope.id, id) : null;
	}

	/** `On this device`, `Downloading, 40 %`, or null. */
	describe(id: string): string | null {
		if (this.sizes.has(id)) return 'On this device';
		const progress = this.progress.get(id);
		return progress === undefined ? null : `Downloading, ${Math.round(progress * 100)} %`;
	}

	/** What is stored of an episode; null if it is not on this device. */
	async find(id: string) {
		return this.sizes.has(id) ? (await loadLateParts()).downloads.find(id) : null;
	}

	/** Remove an episode that does not exist any more. */
	async discard(id: string) {
		if (this.sizes.has(id)) await (await loadLateParts()).downloads.remove(id);
	}
}

export const deviceEpisodes = perListener(() => new DeviceEpisodes());

export const loadLateParts = late(() => import('./late_parts'));

/**
 * Pages are loaded before they are gone to, so that one that cannot be had (no network, or a deployment
 * that replaced its files) never takes the page that is there, and its player, away.
 */

import { beforeNavigate, goto, preloadCode } from '$app/navigation';
import { updated } from '$app/state';
import { connection } from '$lib/connection.svelte';

const ROUTES = [
	'/dashboard',
	'/dashboard/podcast/any',
	'/dashboard/apps',
	'/dashboard/schedule',
	'/dashboard/profile'
];

class RoutesAhead {
	/** The page that could not be opened; null when all is well. */
	missing = $state.raw<URL | null>(null);
	/** Whether it is missing because there is a newer version of the app. */
	outdated = $state(false);
	#ready = new Set<string>();
	#opening = '';

	/** Call this while the layout is made. `isPlaying`: a reload would interrupt something. */
	guard(current: string | null, isPlaying: () => boolean) {
		if (current) this.#ready.add(current);
		beforeNavigate((navigation) => {
			const { to, willUnload, type } = navigation;
			if (type === 'leave' || willUnload || !to?.route.id?.startsWith('/dashboard')) return;
			this.missing = null;
			this.#opening = '';
			if (this.#ready.has(to.route.id)) return;
			navigation.cancel();
			void this.open(to.url, to.route.id, isPlaying);
		});
	}

	/** Load every page while nothing else is to be done. */
	async loadAll() {
		for (const path of ROUTES) await preloadCode(path).catch(() => {});
	}

	/** Load a page, then go there. */
	async open(url: URL, route: string, isPlaying: () => boolean) {
		this.#opening = url.href;
		try {
			await preloadCode(url.pathname);
		} catch {
			if (this.#opening === url.href) await this.#failed(url, isPlaying);
			return;
		}
		this.#ready.add(route);
		if (this.#opening !== url.href) return;
		this.missing = null;
		await goto(url);
	}

	async #failed(url: URL, isPlaying: () => boolean) {
		this.outdated = !connection.lost && (await updated.check().catch(() => false));
		if (this.outdated && !isPlaying()) return location.assign(url);
		this.missing = url;
	}

	/** Try once more: a newer version needs the whole page to be loaded anew. */
	retry() {
		const url = this.missing;
		if (!url) return;
		if (this.outdated) location.assign(url);
		else void goto(url);
	}
}

export const routesAhead = new RoutesAhead();

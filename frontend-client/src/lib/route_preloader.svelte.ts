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

class RoutePreloader {
	/** The page that could not be opened; null when all is well. */
	unavailableUrl = $state.raw<URL | null>(null);
	/** Whether it is unavailableUrl because there is a newer version of the app. */
	isOutdated = $state(false);
	#loadedRoutes = new Set<string>();
	#pendingHref = '';

	/** Call this while the layout is made. `isPlaying`: a reload would interrupt something. */
	guardNavigation(currentRoute: string | null, isPlaying: () => boolean) {
		if (currentRoute) this.#loadedRoutes.add(currentRoute);
		beforeNavigate((navigation) => {
			const { to, willUnload, type } = navigation;
			if (type === 'leave' || willUnload || !to?.route.id?.startsWith('/dashboard')) return;
			this.unavailableUrl = null;
			this.#pendingHref = '';
			if (this.#loadedRoutes.has(to.route.id)) return;
			navigation.cancel();
			void this.open(to.url, to.route.id, isPlaying);
		});
	}

	/** Load every page while nothing else is to be done. */
	async preloadAll() {
		for (const path of ROUTES) await preloadCode(path).catch(() => {});
	}

	/** Load a page, then go there. */
	async open(url: URL, route: string, isPlaying: () => boolean) {
		this.#pendingHref = url.href;
		try {
			await preloadCode(url.pathname);
		} catch {
			if (this.#pendingHref === url.href) await this.#handleFailure(url, isPlaying);
			return;
		}
		this.#loadedRoutes.add(route);
		if (this.#pendingHref !== url.href) return;
		this.unavailableUrl = null;
		await goto(url);
	}

	async #handleFailure(url: URL, isPlaying: () => boolean) {
		this.isOutdated = !connection.isLost && (await updated.check().catch(() => false));
		if (this.isOutdated && !isPlaying()) return location.assign(url);
		this.unavailableUrl = url;
	}

	/** Try once more: a newer version needs the whole page to be loaded anew. */
	retry() {
		const url = this.unavailableUrl;
		if (!url) return;
		if (this.isOutdated) location.assign(url);
		else void goto(url);
	}
}

export const routePreloader = new RoutePreloader();

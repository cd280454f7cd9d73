/**
 * Loads the code of pages before navigating to them. If it cannot be loaded (no network, or files
 * replaced by a deployment), the current page and its player stay.
 *
 * Many browsers (Firefox, Chromium before 156) never request a module again that failed once. So a page
 * that fails a second time while AudioBrew can be reached needs a reload.
 */

import { beforeNavigate, goto, preloadCode } from '$app/navigation';
import { updated } from '$app/state';
import type { RouteId } from '$app/types';
import { connection } from '#lib/connection.svelte.ts';

const ROUTES: RouteId[] = [
	'/dashboard',
	'/dashboard/podcast/[id]',
	'/dashboard/apps',
	'/dashboard/schedule',
	'/dashboard/profile'
];

class RoutePreloader {
	/** The page that could not be opened; null if there is none. */
	unavailableUrl = $state.raw<URL | null>(null);
	/** Whether it is unavailable because a newer version of the app was deployed. */
	isOutdated = $state(false);
	/** Whether only a reload can open it. */
	needsReload = $state(false);
	#failedRoutes = new Set<string>();
	#loadedRoutes = new Set<string>();
	#pendingHref = '';

	/** Call this when the layout is created. `isPlaying`: whether a reload would interrupt playback. */
	guardNavigation(currentRoute: string | null, isPlaying: () => boolean) {
		if (currentRoute) this.#loadedRoutes.add(currentRoute);
		beforeNavigate((navigation) => {
			const { from, to, willUnload, type } = navigation;
			if (type === 'leave' || willUnload || !to?.route.id?.startsWith('/dashboard')) return;
			this.unavailableUrl = null;
			this.#pendingHref = '';
			// For a link to the open page the router would load its data again, and show the error page in its
			// place if that fails. `goto` only scrolls to the top.
			if (type === 'link' && to.url.href === from?.url.href) {
				navigation.cancel();
				void goto(to.url, { replace: true });
				return;
			}
			if (this.#loadedRoutes.has(to.route.id)) return;
			navigation.cancel();
			void this.open(to.url, to.route.id, isPlaying);
		});
	}

	/** Load the code of every page; call this when the browser is idle. */
	async preloadAll() {
		for (const route of ROUTES) await preloadCode(route).catch(() => {});
	}

	/** Load a page's code, then navigate to it. */
	async open(url: URL, route: RouteId, isPlaying: () => boolean) {
		this.#pendingHref = url.href;
		try {
			await preloadCode(route);
		} catch {
			if (this.#pendingHref === url.href) await this.#handleFailure(url, route, isPlaying);
			return;
		}
		this.#loadedRoutes.add(route);
		if (this.#pendingHref !== url.href) return;
		this.unavailableUrl = null;
		await goto(url);
	}

	async #handleFailure(url: URL, route: RouteId, isPlaying: () => boolean) {
		this.isOutdated = !connection.isLost && (await updated.check().catch(() => false));
		this.needsReload = this.isOutdated || (!connection.isLost && this.#failedRoutes.has(route));
		this.#failedRoutes.add(route);
		if (this.needsReload && !isPlaying()) return location.assign(url);
		this.unavailableUrl = url;
	}

	/** Try again, if necessary with a full page load. */
	retry() {
		const url = this.unavailableUrl;
		if (!url) return;
		if (this.needsReload) location.assign(url);
		else void goto(url);
	}
}

export const routePreloader = new RoutePreloader();

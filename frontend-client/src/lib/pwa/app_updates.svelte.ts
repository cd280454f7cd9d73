/**
 * Registers the service worker, and knows when a newer version of the app can be opened.
 *
 * A new service worker waits. Only a reload that the listener asks for replaces the one that serves the
 * open pages; pages in other tabs go on, and offer a reload, too.
 */

import { version } from '$app/env';

const SCRIPT = '/service-worker.js';
/** How often an open page looks for a new version, in milliseconds. */
const CHECK_INTERVAL = 60 * 60_000;

class AppUpdates {
	/** Whether a newer version is stored on this device. */
	isReady = $state(false);
	#waiting: ServiceWorker | null = null;

	/** Register the service worker, where the browser has them: not without https. */
	async start(workers: ServiceWorkerContainer | undefined = navigator.serviceWorker) {
		if (!workers) return;
		const registration = await workers.register(SCRIPT).catch(() => null);
		if (!registration) return; // blocked, or the server is away
		workers.addEventListener('controllerchange', () => {
			// Another tab has replaced the worker.
			if (workers.controller) void this.#compare(workers.controller);
		});
		registration.addEventListener('updatefound', () => this.#watch(registration.installing));
		this.#watch(registration.installing ?? registration.waiting);
		let checkedAt = Date.now();
		document.addEventListener('visibilitychange', () => {
			if (document.visibilityState !== 'visible' || Date.now() - checkedAt < CHECK_INTERVAL) return;
			checkedAt = Date.now();
			registration.update().catch(() => {}); // the server is away
		});
	}

	/** Reload the page in the newer version. */
	reload() {
		const reload = () => location.reload();
		if (this.#waiting?.state !== 'installed') return reload();
		navigator.serviceWorker.addEventListener('controllerchange', reload, { once: true });
		this.#waiting.postMessage('activate');
	}

	#watch(worker: ServiceWorker | null) {
		if (!worker) return;
		const check = () => {
			if (worker.state === 'installed' && navigator.serviceWorker.controller) {
				this.#waiting = worker;
				void this.#compare(worker);
			}
		};
		worker.addEventListener('statechange', check);
		check();
	}

	/** A page that came from the network may be as new as the worker that waits. */
	async #compare(worker: ServiceWorker) {
		const { port1, port2 } = new MessageChannel();
		const answer = new Promise<string>(
			(resolve) => (port1.onmessage = ({ data }) => resolve(data))
		);
		worker.postMessage('version', [port2]);
		this.isReady = (await answer) !== version;
		if (!this.isReady) worker.postMessage('activate-if-alone');
	}
}

export const appUpdates = new AppUpdates();

/**
 * Replaces the old front end's worker, which served outdated pages from its cache: clears all caches,
 * unregisters itself and reloads the open pages once. The app then registers its own, service-worker.js.
 */
self.addEventListener('install', () => self.skipWaiting());

self.addEventListener('activate', (event) => event.waitUntil(uninstall()));

async function uninstall() {
	for (const name of await caches.keys()) await caches.delete(name);
	await self.clients.claim(); // without this, navigating the pages is not allowed
	const pages = await self.clients.matchAll({ type: 'window' });
	await self.registration.unregister();
	for (const page of pages) page.navigate(page.url).catch(() => {}); // the page was closed meanwhile
}

/**
 * Takes the place of the old front end's worker, which answered pages from its cache for ever: removes
 * itself and everything that was cached, and loads the open pages anew, once. The app has no worker.
 */
self.addEventListener('install', () => self.skipWaiting());

self.addEventListener('activate', (event) => event.waitUntil(leave()));

async function leave() {
	for (const name of await caches.keys()) await caches.delete(name);
	await self.clients.claim(); // else the browser would not let us load their pages anew
	const pages = await self.clients.matchAll({ type: 'window' });
	await self.registration.unregister();
	for (const page of pages) page.navigate(page.url).catch(() => {}); // one that was closed meanwhile
}

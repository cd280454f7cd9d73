/**
 * Starts the app without a network, and plays episodes on this device. It stores the files of this build,
 * and no answer of the API; episodes are stored by the page (src/lib/features/episode/downloads/).
 *
 * Pages come from the network if it responds soon, so a deployment is seen at the next load. Files of the
 * build have a hash in their names; they come from the cache. A new version waits until the listener asks
 * for it (src/lib/pwa/app_updates.svelte.ts), so that open pages keep the files that belong to them.
 */

import { version } from '$app/env';
import { immutable } from '$app/manifest';
import { self } from '$app/service-worker';
import { DEVICE_CACHE_PREFIX, DEVICE_PATH, deviceCacheName } from '../lib/pwa/device_caches';
import { respondWithRange } from './byte_range';

const CACHE_PREFIX = 'audiobrew-app-';
const CACHE = `${CACHE_PREFIX}${version}`;
/** The page of every address; the app does its own routing. */
const SHELL = '/200.html';
const BUILD = new Set(immutable.map(({ path }) => new URL(path, location.origin).pathname));
const FILES = [...BUILD, '/theme.js', '/favicon.svg', '/manifest.webmanifest'];
/** Files are found by their address alone: their copies differ in nothing but the compression. */
const LOOKUP: MultiCacheQueryOptions = { cacheName: CACHE, ignoreVary: true };
/** How long a page may take to come from the network, in milliseconds. */
const NETWORK_TIMEOUT = 3_000;
/** Answers of a proxy in front of a server that is away. */
const GATEWAY_FAILURES = [502, 503, 504];
/** Under these paths there are no pages of the app. */
const NOT_THE_APP = /^\/(?:api|feed|docs|metrics|health|ready|openapi\.json)(?:\/|$)|\.\w+$/;

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));
self.addEventListener('message', (event) => event.waitUntil(answer(event)));
self.addEventListener('fetch', (event) => {
	const { request } = event;
	const { origin, pathname } = new URL(request.url);
	if (request.method !== 'GET' || origin !== location.origin) return;
	if (pathname.startsWith(DEVICE_PATH)) event.respondWith(openAudio(request, pathname));
	else if (request.mode === 'navigate') {
		if (!NOT_THE_APP.test(pathname)) event.respondWith(openPage(event));
	} else if (FILES.includes(pathname)) event.respondWith(openFile(request));
});

async function install() {
	const cache = await caches.open(CACHE);
	await Promise.all([storeShell(cache), cache.addAll(FILES)]);
	if ((await findForeignCaches()).length) await self.skipWaiting();
}

/** Store the shell, unless a deployment has replaced it meanwhile; the browser tries again later. */
async function storeShell(cache: Cache) {
	const response = await fetch(SHELL, { cache: 'reload' });
	const html = await response.clone().text();
	const files = [...html.matchAll(/\/_app\/immutable\/[\w./-]+/g)].map(([path]) => path);
	if (!response.ok || !files.length || !files.every((path) => BUILD.has(path)))
		throw new Error('the shell belongs to another version');
	await cache.put(SHELL, response);
}

/** Caches of the application before this one, whose service worker served old pages from them. */
async function findForeignCaches(): Promise<string[]> {
	const ours = [CACHE_PREFIX, DEVICE_CACHE_PREFIX];
	return (await caches.keys()).filter((name) => !ours.some((prefix) => name.startsWith(prefix)));
}

async function activate() {
	await self.registration.navigationPreload?.enable();
	const foreign = await findForeignCaches();
	for (const name of await caches.keys())
		if (name !== CACHE && !name.startsWith(DEVICE_CACHE_PREFIX)) await caches.delete(name);
	await self.clients.claim();
	if (!foreign.length) return;
	for (const page of await self.clients.matchAll({ type: 'window' }))
		void page.navigate(page.url).catch(() => {}); // the page was closed meanwhile
}

/** Answer a page: say which version this is, or replace the active one. */
async function answer({ data, ports }: ExtendableMessageEvent) {
	if (data === 'version') ports[0]?.postMessage(version);
	else if (data === 'activate') await self.skipWaiting();
	else if (data === 'activate-if-alone') {
		const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
		if (pages.length === 1) await self.skipWaiting();
	}
}

/** The page from the network; the stored shell if there is no network, or a slow one. */
async function openPage(event: FetchEvent): Promise<Response> {
	const network = loadPage(event);
	const timeout = new Promise<null>((resolve) => setTimeout(resolve, NETWORK_TIMEOUT, null));
	event.waitUntil(network);
	const shell = await caches.match(SHELL, LOOKUP);
	const response = await (shell ? Promise.race([network, timeout]) : network);
	return response ?? shell ?? Response.error();
}

async function loadPage(event: FetchEvent): Promise<Response | null> {
	try {
		const preloaded = (await event.preloadResponse) as Response | undefined;
		const response = preloaded ?? (await fetch(event.request));
		return GATEWAY_FAILURES.includes(response.status) ? null : response;
	} catch {
		return null;
	}
}

async function openFile(request: Request): Promise<Response> {
	return (await caches.match(request, LOOKUP)) ?? fetch(request);
}

/** Audio on this device, in the listener's cache; playing does not read the whole file into memory. */
async function openAudio(request: Request, pathname: string): Promise<Response> {
	const [listener = ''] = pathname.slice(DEVICE_PATH.length).split('/');
	const cacheName = deviceCacheName(listener);
	const stored = pathname.endsWith('.mp3') && (await caches.match(pathname, { cacheName }));
	if (!stored) return new Response(null, { status: 404 });
	const type = stored.headers.get('Content-Type') ?? 'audio/mpeg';
	return respondWithRange(await stored.blob(), type, request.headers.get('Range'));
}

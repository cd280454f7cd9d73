/** The one door to the backend: the generated client, told where the API is and who is listening. */

import { client } from '$lib/api/client.gen';
import { API_CONFIG } from '$lib/config';
import { inBrowser } from '$lib/rollout/kept';
import { Sides } from '$lib/rollout/sides';
import { session } from '$lib/session.svelte';
import { kind, sentence, Trouble, UNREACHABLE } from '$lib/trouble';

export * from '$lib/api';

/** How often a page that is looked at asks whether its listener is to be served by the other side. */
const ASK_EVERY = 60_000;
const here = typeof location === 'undefined' ? '' : location.origin;

const sides = new Sides({
	here,
	bases: { railway: API_CONFIG.baseUrl || here, vercel: API_CONFIG.vercelUrl || here },
	send: (request) => fetch(request, { signal: patience(request) }),
	listener: () => session.listener?.id ?? null,
	memory: inBrowser,
	now: () => Date.now()
});

if (typeof document !== 'undefined') {
	setInterval(() => document.visibilityState === 'visible' && void sides.refresh(), ASK_EVERY);
}

client.setConfig({
	baseUrl: API_CONFIG.baseUrl,
	auth: async () => (await session.current()) ?? undefined,
	fetch: (request) => sides.ask(request as Request)
});

client.interceptors.response.use((response, request) => {
	const sent = request.headers.get('Authorization');
	if (response.status === 401 && sent === `Bearer ${session.token}`) void session.forget();
	return response;
});

/** A stream may stay silent for as long as it lives, an upload takes its time; all else must answer soon. */
function patience(request: Request): AbortSignal {
	if (request.url.endsWith('/events')) return request.signal;
	const upload = request.headers.get('Content-Type')?.startsWith('multipart/');
	const limit = AbortSignal.timeout(API_CONFIG.timeout * (upload ? 10 : 1));
	return AbortSignal.any([request.signal, limit]);
}

type Answer<T> = { data?: T; error?: unknown; response?: Response };

/** What the backend said, or a `Trouble` with a sentence for the listener. */
export async function answer<T>(call: Promise<Answer<T>>): Promise<T> {
	const { data, error, response } = await call;
	if (response?.ok && error === undefined) return data as T;
	throw new Trouble(response ? sentence(error) : UNREACHABLE, response?.status, kind(error));
}

/** An address that the backend told, as one that an `<audio>` element or a link can open. */
export function absolute(address: string): string {
	return new URL(address, new URL('/', sides.base || location.origin)).href;
}

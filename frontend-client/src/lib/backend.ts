/** The one door to the backend: the generated client, told where the API is and who is listening. */

import { deleteSession, followPodcasts, getConfig, getSession, type PodcastEvent } from '$lib/api';
import { client } from '$lib/api/client.gen';
import { API_CONFIG } from '$lib/config';
import { connection } from '$lib/connection.svelte';
import { scope } from '$lib/listener_scope.svelte';
import { inBrowser } from '$lib/rollout/storage';
import { Sides } from '$lib/rollout/backend_router';
import { session } from '$lib/session.svelte';
import { sentence, Trouble, typeOf, UNREACHABLE } from '$lib/api_error';

export * from '$lib/api';

/** How often a page that is looked at asks whether its listener is to be served by the other side. */
const ASK_EVERY = 60_000;
const here = typeof location === 'undefined' ? '' : location.origin;
const CSRF_HEADER = 'X-CSRF-Token';
const FORGED = '/problems/forged-request';

/** Whether the browser's cookie signs in: where the API is at this very origin. */
export const BY_COOKIE = !API_CONFIG.baseUrl;

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

/** Send a request, and note whether AudioBrew was reached. */
async function send(request: Request): Promise<Response> {
	try {
		const response = await sides.ask(request);
		if (isGatewayFailure(response)) connection.failed();
		else connection.reached();
		return response;
	} catch (thrown) {
		if (!request.signal.aborted) connection.failed();
		throw thrown;
	}
}

/** A proxy's word that what is behind it does not answer; AudioBrew's own problems have a type. */
function isGatewayFailure({ status, headers }: Response): boolean {
	const ours = headers.get('Content-Type')?.startsWith('application/problem+json');
	return [502, 503, 504].includes(status) && !ours;
}

/** A fetch for this listener alone: it sends nothing and returns nothing once somebody else listens. */
function listenerFetch(signal = scope.signal) {
	async function attempt(request: Request) {
		const response = await send(signed(request));
		const refused = await refusesSession(response);
		signal.throwIfAborted();
		return { response, refused };
	}
	return async (input: RequestInfo | URL): Promise<Response> => {
		signal.throwIfAborted();
		const asked = input as Request;
		const both = AbortSignal.any([asked.signal, signal]);
		const request = new Request(asked, { signal: both });
		const repetition = session.csrf ? request.clone() : null;
		let outcome = await attempt(request);
		if (outcome.refused && repetition) {
			await findSession(); // another tab may have signed in again
			signal.throwIfAborted();
			outcome = await attempt(repetition);
		}
		if (outcome.refused) void session.forget();
		return outcome.response;
	};
}

/** Whether it was refused because the session has ended, or because the CSRF token is another session's. */
async function refusesSession(response: Response): Promise<boolean> {
	return (
		response.status === 401 || (response.status === 403 && (await typeIn(response)) === FORGED)
	);
}

/** Says which session is meant, so that no request is answered for whoever else signed in meanwhile. */
function signed(request: Request): Request {
	if (session.csrf) request.headers.set(CSRF_HEADER, session.csrf);
	return request;
}

async function typeIn(response: Response): Promise<string | undefined> {
	return typeOf(
		await response
			.clone()
			.json()
			.catch(() => null)
	);
}

client.setConfig({
	fetch: listenerFetch() as typeof fetch,
	baseUrl: API_CONFIG.baseUrl,
	auth: async ({ scheme }) =>
		scheme === 'bearer' ? ((await session.current()) ?? undefined) : undefined
});
// The client takes the fetch at the moment of the call, so a call belongs to who listened then.
scope.onChange(() => client.setConfig({ fetch: listenerFetch() as typeof fetch }));

/** For what is asked on behalf of nobody: how to sign in, and who is signed in. */
export const anyone = { fetch: ((request: Request) => send(request)) as typeof fetch };

connection.watch(async () => {
	const { response } = await getConfig({ ...anyone, cache: 'no-store' });
	return response !== undefined && !isGatewayFailure(response);
});

/** Find out whose session this browser has, where a cookie or a kept token says so. */
export async function findSession(): Promise<void> {
	const kept = session.stored;
	const headers = kept && !BY_COOKIE ? { Authorization: `Bearer ${kept}` } : {};
	const { data, response, error } = await getSession({ ...anyone, headers, auth: undefined });
	if (data) {
		const token = BY_COOKIE ? null : kept;
		if (BY_COOKIE) session.discardToken(); // the cookie is enough
		session.become({ id: data.user_id, address: null }, { token, csrf: data.csrf_token });
	} else if (response?.status === 401) {
		session.discardToken();
		session.become(null);
	} else if (!session.listener) {
		throw trouble(response, error);
	}
}

/** End this listener's session, here and at the backend. */
export async function endSession(): Promise<void> {
	await answer(deleteSession());
	await session.forget();
}

/** Hear of all brews of this listener, until the stream breaks; `status` is HTTP's, if it came to an answer. */
export async function followBrews(signal: AbortSignal) {
	let status: number | undefined;
	const own = listenerFetch(signal);
	const { stream } = await followPodcasts({
		signal,
		fetch: (async (request: Request) => {
			const response = await own(request);
			status = response.status;
			return response;
		}) as typeof fetch,
		sseDefaultRetryDelay: 0,
		sseMaxRetryAttempts: 1 // whoever follows tries again, and says meanwhile that nothing is heard
	});
	return { stream: stream as AsyncIterable<PodcastEvent>, status: () => status };
}

/** A stream may stay silent for as long as it lives, an upload takes its time; all else must answer soon. */
function patience(request: Request): AbortSignal {
	if (request.url.endsWith('/events')) return request.signal;
	const upload = request.headers.get('Content-Type')?.startsWith('multipart/');
	const limit = AbortSignal.timeout(API_CONFIG.timeout * (upload ? 10 : 1));
	return AbortSignal.any([request.signal, limit]);
}

type Answer<T> = { data?: T; error?: unknown; response?: Response };

/** What the backend said, or a `Trouble` with a sentence for the listener; for who listens now alone. */
export async function answer<T>(call: Promise<Answer<T>>): Promise<T> {
	const { signal } = scope;
	const told = await call;
	signal.throwIfAborted();
	return unwrap(told);
}

/** The same for what is asked on behalf of nobody. */
export async function publicAnswer<T>(call: Promise<Answer<T>>): Promise<T> {
	return unwrap(await call);
}

function unwrap<T>({ data, error, response }: Answer<T>): T {
	if (response?.ok && error === undefined) return data as T;
	throw trouble(response, error);
}

function trouble(response: Response | undefined, error: unknown): Trouble {
	if (!response || isGatewayFailure(response)) return new Trouble(UNREACHABLE, response?.status);
	return new Trouble(sentence(error), response.status, typeOf(error));
}

/** An address that the backend told, as one that an `<audio>` element or a link can open. */
export function absolute(address: string): string {
	return new URL(address, new URL('/', sides.base || location.origin)).href;
}

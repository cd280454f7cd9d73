/** The one door to the backend: the generated client, told where the API is and who is listening. */

import { deleteSession, followPodcasts, getConfig, getSession, type PodcastEvent } from '$lib/api';
import { client } from '$lib/api/client.gen';
import { API_CONFIG } from '$lib/config';
import { connection } from '$lib/connection.svelte';
import { scope } from '$lib/listener_scope.svelte';
import { browserStorage } from '$lib/rollout/storage';
import { BackendRouter } from '$lib/rollout/backend_router';
import { session } from '$lib/session.svelte';
import { ApiError, problemMessage, problemType, UNREACHABLE } from '$lib/api_error';

export * from '$lib/api';

/** How often a page that is looked at asks whether its listener is to be served by the other side. */
const REFRESH_INTERVAL = 60_000;
const appOrigin = typeof location === 'undefined' ? '' : location.origin;
const CSRF_HEADER = 'X-CSRF-Token';
const FORGED_REQUEST = '/problems/forged-request';

/** Whether the browser's cookie signs in: where the API is at this very origin. */
export const USES_COOKIE = !API_CONFIG.baseUrl;

const router = new BackendRouter({
	appOrigin,
	bases: { railway: API_CONFIG.baseUrl || appOrigin, vercel: API_CONFIG.vercelUrl || appOrigin },
	send: (request) => fetch(request, { signal: timeoutSignal(request) }),
	listener: () => session.listener?.id ?? null,
	storage: browserStorage,
	now: () => Date.now()
});

if (typeof document !== 'undefined') {
	setInterval(
		() => document.visibilityState === 'visible' && void router.refresh(),
		REFRESH_INTERVAL
	);
}

/** Send a request, and note whether AudioBrew was reached. */
async function send(request: Request): Promise<Response> {
	try {
		const response = await router.send(request);
		if (isGatewayFailure(response)) connection.reportFailure();
		else connection.reportSuccess();
		return response;
	} catch (error) {
		if (!request.signal.aborted) connection.reportFailure();
		throw error;
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
		const response = await send(withCsrfToken(request));
		const refused = await isSessionRefused(response);
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
		if (outcome.refused) void session.end();
		return outcome.response;
	};
}

/** Whether it was refused because the session has ended, or because the CSRF token is another session's. */
async function isSessionRefused(response: Response): Promise<boolean> {
	return (
		response.status === 401 ||
		(response.status === 403 && (await problemTypeOf(response)) === FORGED_REQUEST)
	);
}

/** Says which session is meant, so that no request is answered for whoever else signed in meanwhile. */
function withCsrfToken(request: Request): Request {
	if (session.csrf) request.headers.set(CSRF_HEADER, session.csrf);
	return request;
}

async function problemTypeOf(response: Response): Promise<string | undefined> {
	return problemType(
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
		scheme === 'bearer' ? ((await session.token()) ?? undefined) : undefined
});
// The client takes the fetch at the moment of the call, so a call belongs to who listened then.
scope.onChange(() => client.setConfig({ fetch: listenerFetch() as typeof fetch }));

/** For what is asked on behalf of nobody: how to sign in, and who is signed in. */
export const anonymous = { fetch: ((request: Request) => send(request)) as typeof fetch };

connection.setProbe(async () => {
	const { response } = await getConfig({ ...anonymous, cache: 'no-store' });
	return response !== undefined && !isGatewayFailure(response);
});

/** Find out whose session this browser has, where a cookie or a kept token says so. */
export async function findSession(): Promise<void> {
	const kept = session.storedToken;
	const headers = kept && !USES_COOKIE ? { Authorization: `Bearer ${kept}` } : {};
	const { data, response, error } = await getSession({ ...anonymous, headers, auth: undefined });
	if (data) {
		const token = USES_COOKIE ? null : kept;
		if (USES_COOKIE) session.discardToken(); // the cookie is enough
		session.setListener({ id: data.user_id, address: null }, { token, csrf: data.csrf_token });
	} else if (response?.status === 401) {
		session.discardToken();
		session.setListener(null);
	} else if (!session.listener) {
		throw toApiError(response, error);
	}
}

/** End this listener's session, here and at the backend. */
export async function endSession(): Promise<void> {
	await unwrap(deleteSession());
	await session.end();
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
function timeoutSignal(request: Request): AbortSignal {
	if (request.url.endsWith('/events')) return request.signal;
	const upload = request.headers.get('Content-Type')?.startsWith('multipart/');
	const limit = AbortSignal.timeout(API_CONFIG.timeout * (upload ? 10 : 1));
	return AbortSignal.any([request.signal, limit]);
}

type CallResult<T> = { data?: T; error?: unknown; response?: Response };

/** What the backend said, or a `ApiError` with a sentence for the listener; for who listens now alone. */
export async function unwrap<T>(call: Promise<CallResult<T>>): Promise<T> {
	const { signal } = scope;
	const told = await call;
	signal.throwIfAborted();
	return dataOrThrow(told);
}

/** The same for what is asked on behalf of nobody. */
export async function unwrapAnonymous<T>(call: Promise<CallResult<T>>): Promise<T> {
	return dataOrThrow(await call);
}

function dataOrThrow<T>({ data, error, response }: CallResult<T>): T {
	if (response?.ok && error === undefined) return data as T;
	throw toApiError(response, error);
}

function toApiError(response: Response | undefined, error: unknown): ApiError {
	if (!response || isGatewayFailure(response)) return new ApiError(UNREACHABLE, response?.status);
	return new ApiError(problemMessage(error), response.status, problemType(error));
}

/** An address that the backend told, as one that an `<audio>` element or a link can open. */
export function absoluteUrl(address: string): string {
	return new URL(address, new URL('/', router.base || location.origin)).href;
}

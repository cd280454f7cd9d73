/**
 * The only module that talks to the backend. It configures the generated client with the API's address
 * and the session.
 */

import {
	deleteSession,
	followPodcasts,
	getConfig,
	getSession,
	type PodcastEvent
} from '#lib/api/index.ts';
import { client } from '#lib/api/client.gen.ts';
import { API_CONFIG } from '#lib/config.ts';
import { connection } from '#lib/connection.svelte.ts';
import { scope } from '#lib/listener_scope.svelte.ts';
import { isSlow } from '#lib/slow_requests.ts';
import { browserStorage } from '#lib/rollout/storage.ts';
import { BackendRouter } from '#lib/rollout/backend_router.ts';
import { session } from '#lib/session.svelte.ts';
import { ApiError, problemMessage, problemType, UNREACHABLE } from '#lib/api_error.ts';

export * from '#lib/api/index.ts';

/** How often a visible page checks which side serves its listener, in milliseconds. */
const REFRESH_INTERVAL = 60_000;
const appOrigin = typeof location === 'undefined' ? '' : location.origin;
const CSRF_HEADER = 'X-CSRF-Token';
const FORGED_REQUEST = '/problems/forged-request';

/** Whether sessions use a cookie: only if the API has the same origin as the app. */
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

/** Send a request and report to `connection` whether AudioBrew responded. */
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

/** Whether a proxy responded instead of AudioBrew, whose own errors are `application/problem+json`. */
function isGatewayFailure({ status, headers }: Response): boolean {
	const isOwnProblem = headers.get('Content-Type')?.startsWith('application/problem+json');
	return [502, 503, 504].includes(status) && !isOwnProblem;
}

/** A fetch for the current listener: once somebody else signs in, it neither sends nor returns anything. */
function listenerFetch(signal = scope.signal) {
	async function attempt(request: Request) {
		const response = await send(withCsrfToken(request));
		const isRefused = await isSessionRefused(response);
		signal.throwIfAborted();
		return { response, isRefused };
	}
	return async (input: RequestInfo | URL): Promise<Response> => {
		await session.confirm();
		if (session.isAssumed) throw new TypeError('AudioBrew has not confirmed the session yet.');
		signal.throwIfAborted();
		const original = input as Request;
		const combinedSignal = AbortSignal.any([original.signal, signal]);
		const request = new Request(original, { signal: combinedSignal });
		const retryRequest = session.csrf ? request.clone() : null;
		let outcome = await attempt(request);
		if (outcome.isRefused && retryRequest) {
			await findSession(); // another tab may have signed in again
			signal.throwIfAborted();
			outcome = await attempt(retryRequest);
		}
		if (outcome.isRefused) void session.end();
		return outcome.response;
	};
}

/** Whether the session has ended, or the CSRF token belongs to another session. */
async function isSessionRefused(response: Response): Promise<boolean> {
	return (
		response.status === 401 ||
		(response.status === 403 && (await problemTypeOf(response)) === FORGED_REQUEST)
	);
}

/**
 * The CSRF token names the session, so that no request runs in a session that another tab has started
 * since.
 */
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
// The client reads `fetch` at call time, so each call belongs to the listener of that moment.
scope.onChange(() => client.setConfig({ fetch: listenerFetch() as typeof fetch }));

/** Options for requests without a session, such as reading the configuration or the session itself. */
export const anonymous = { fetch: ((request: Request) => send(request)) as typeof fetch };

connection.setProbe(async () => {
	const { response } = await getConfig({ ...anonymous, cache: 'no-store' });
	return response !== undefined && !isGatewayFailure(response);
});

/** Find out who is signed in, by the cookie or a stored token. */
export async function findSession(): Promise<void> {
	const storedToken = session.storedToken;
	const headers = storedToken && !USES_COOKIE ? { Authorization: `Bearer ${storedToken}` } : {};
	const { data, response, error } = await getSession({ ...anonymous, headers, auth: undefined });
	if (data) {
		const token = USES_COOKIE ? null : storedToken;
		if (USES_COOKIE) session.discardToken(); // the cookie is enough
		session.setListener({ id: data.user_id, address: null }, { token, csrf: data.csrf_token });
	} else if (response?.status === 401) {
		await session.expire();
	} else if (!session.listener) {
		throw toApiError(response, error);
	}
}

/** Sign out, here and at the backend. */
export async function endSession(): Promise<void> {
	await unwrap(deleteSession());
	await session.end();
}

/**
 * Follow all brews of this listener until the stream ends. `status` returns the HTTP status, if there
 * was a response.
 */
export async function followBrews(signal: AbortSignal) {
	let status: number | undefined;
	const listenerOnly = listenerFetch(signal);
	const { stream } = await followPodcasts({
		signal,
		fetch: (async (request: Request) => {
			const response = await listenerOnly(request);
			status = response.status;
			return response;
		}) as typeof fetch,
		sseDefaultRetryDelay: 0,
		sseMaxRetryAttempts: 1 // the caller reconnects and reports lost connections
	});
	return { stream: stream as AsyncIterable<PodcastEvent>, status: () => status };
}

/** Event streams have no time limit, slow requests a long one, all other requests a short one. */
function timeoutSignal(request: Request): AbortSignal {
	if (request.url.endsWith('/events')) return request.signal;
	const limit = AbortSignal.timeout(API_CONFIG.timeout * (isSlow(request) ? 10 : 1));
	return AbortSignal.any([request.signal, limit]);
}

type CallResult<T> = { data?: T; error?: unknown; response?: Response };

/**
 * The data of an API response. Raises `ApiError` if the call failed, and `ListenerChanged` if another
 * listener has signed in meanwhile.
 */
export async function unwrap<T>(call: Promise<CallResult<T>>): Promise<T> {
	const { signal } = scope;
	const result = await call;
	signal.throwIfAborted();
	return dataOrThrow(result);
}

/** The same for requests without a session. */
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

/** Request audio that is stored on this device. Its URL is signed, and may be the media storage's. */
export function fetchAudio(address: string, signal: AbortSignal): Promise<Response> {
	return fetch(absoluteUrl(address), { signal });
}

/** A URL from the backend as an absolute one that an `<audio>` element or a link can open. */
export function absoluteUrl(address: string): string {
	return new URL(address, new URL('/', router.base || location.origin)).href;
}

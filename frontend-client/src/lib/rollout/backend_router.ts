/**
 * Sends every request to the side that serves this listener, and to the other side when that one fails.
 *
 * Requests that are safe to repeat (reads, and writes with an Idempotency-Key) are repeated on the other
 * side. Slow requests and any other write are sent once, to a side that has just passed a health check.
 * Nothing is ever sent to the old application.
 */

import { isSlow } from '../slow_requests.ts';
import { CircuitBreaker } from './circuit_breaker.ts';
import { ANONYMOUS_BUCKET, chooseSide, computeBucket, otherSide } from './side.ts';
import type { Rollout, Side } from './side.ts';
import type { RolloutState, RolloutStorage } from './storage.ts';

// How long the first side may take before the other one is tried, in milliseconds.
const FAILOVER_TIMEOUT = 10_000;
// How long the rollout configuration is used before it is requested again, in milliseconds.
const CONFIG_MAX_AGE = 30_000;
const CONFIG_PATH = '/api/config';
// Names the side where both are reached under one address.
const SIDE_HEADER = 'X-AudioBrew-Side';

export type RouterEnvironment = {
	/** The app's own origin. */
	appOrigin: string;
	/** The address of each side; the app's own origin where a rewrite leads to the side. */
	bases: Record<Side, string>;
	send: (request: Request) => Promise<Response>;
	/** The id of the signed-in listener. */
	listener: () => string | null;
	storage: RolloutStorage;
	now: () => number;
};

export class BackendRouter {
	#environment: RouterEnvironment;
	#rollout: Rollout | null | undefined;
	#bucket: number;
	#bucketOwner = '';
	#breakers: Record<Side, CircuitBreaker>;
	/** The side of the last successful response. */
	#activeSide: Side | null = null;
	#configLoadedAt = -Infinity;
	/** Aborted when the listener moves to the other side: ends their event streams. */
	#moveController = new AbortController();

	constructor(environment: RouterEnvironment) {
		this.#environment = environment;
		const { rollout, bucket = ANONYMOUS_BUCKET, rests = {} } = environment.storage.read();
		this.#rollout = rollout;
		this.#bucket = bucket;
		const breaker = (side: Side) => new CircuitBreaker(environment.now, rests[side] ?? null);
		this.#breakers = { railway: breaker('railway'), vercel: breaker('vercel') };
	}

	/** The address of the active side, for URLs that the browser opens by itself. */
	get base(): string {
		const side = this.#rollout ? (this.#activeSide ?? this.#assignedSide) : 'railway';
		return this.#environment.bases[side];
	}

	async send(request: Request): Promise<Response> {
		const isConfig = this.#path(request.url) === CONFIG_PATH;
		const hasOneSide = !this.#rollout && !(isConfig && this.#rollout === undefined);
		if (hasOneSide) {
			const response = await this.#environment.send(request);
			if (isConfig && response.ok) await this.#updateRollout(response);
			return response;
		}
		await this.#updateBucket();
		if (!isConfig && this.#environment.now() - this.#configLoadedAt > CONFIG_MAX_AGE) {
			void this.refresh();
		}
		const body = await readBody(request);
		const [first, second] = this.#preferredOrder();
		if (!isRepeatable(request)) {
			return this.#attempt((await this.#isHealthy(first)) ? first : second, request, body);
		}
		try {
			const response = await this.#attempt(first, request, body, FAILOVER_TIMEOUT);
			if (response.status < 500) return response;
		} catch (error) {
			if (request.signal.aborted) throw error;
		}
		return this.#attempt(second, request, body);
	}

	/** Request the rollout configuration again, so that idle pages learn of the kill switch, too. */
	async refresh(): Promise<void> {
		if (!this.#rollout) return;
		this.#configLoadedAt = this.#environment.now();
		try {
			await this.send(this.#configRequest());
		} catch {
			// Neither side responds: keep the current configuration.
		}
	}

	get #assignedSide(): Side {
		return this.#rollout ? chooseSide(this.#rollout, this.#bucket) : 'railway';
	}

	#preferredOrder(): [Side, Side] {
		const side = this.#assignedSide;
		return this.#breakers[side].allowsRequest() ? [side, otherSide(side)] : [otherSide(side), side];
	}

	/** Recompute the bucket after a sign-in or a new salt. */
	async #updateBucket() {
		const listener = this.#environment.listener();
		if (!this.#rollout || !listener) return;
		const owner = `${this.#rollout.salt}:${listener}`;
		if (owner === this.#bucketOwner) return;
		const previousSide = this.#assignedSide;
		this.#bucket = await computeBucket(this.#rollout.salt, listener);
		this.#bucketOwner = owner;
		this.#handleMove(previousSide);
		this.#save();
	}

	async #isHealthy(side: Side): Promise<boolean> {
		try {
			const request = this.#configRequest();
			return (await this.#attempt(side, request, undefined, FAILOVER_TIMEOUT)).status < 500;
		} catch {
			return false;
		}
	}

	/** Send to one side, without a retry. `timeout` in milliseconds; 0 waits without limit. */
	async #attempt(side: Side, request: Request, body?: ArrayBuffer, timeout = 0): Promise<Response> {
		const timeoutController = new AbortController();
		const timer = timeout ? setTimeout(() => timeoutController.abort(), timeout) : undefined;
		const moveSignal = this.#moveController.signal;
		const streamSignals = request.url.endsWith('/events') ? [moveSignal] : [];
		const signal = AbortSignal.any([request.signal, timeoutController.signal, ...streamSignals]);
		try {
			const response = await this.#environment.send(this.#addressTo(side, request, signal, body));
			this.#recordResponse(side, response, moveSignal);
			if (response.ok && this.#path(request.url) === CONFIG_PATH)
				await this.#updateRollout(response);
			return response;
		} catch (error) {
			if (!request.signal.aborted && !moveSignal.aborted) this.#recordFailure(side);
			throw error;
		} finally {
			clearTimeout(timer);
		}
	}

	/** `moveSignal` is aborted if the listener has moved to the other side since the request was sent. */
	#recordResponse(side: Side, response: Response, moveSignal: AbortSignal) {
		if (response.status >= 500) return this.#recordFailure(side);
		const wasOpen = this.#breakers[side].openUntil !== null;
		this.#breakers[side].recordSuccess();
		if (wasOpen) this.#save();
		if (this.#rollout && !moveSignal.aborted) this.#activate(side);
	}

	#activate(side: Side) {
		if (this.#activeSide !== side) this.#environment.storage.setSideCookie(side);
		this.#activeSide = side;
	}

	#recordFailure(side: Side) {
		this.#breakers[side].recordFailure();
		if (this.#breakers[side].openUntil !== null) this.#save();
	}

	#addressTo(side: Side, request: Request, signal: AbortSignal, body?: ArrayBuffer): Request {
		const { appOrigin, bases } = this.#environment;
		const url = bases[side] + this.#path(request.url);
		const headers = new Headers(request.headers);
		if (bases[side] === appOrigin) headers.set(SIDE_HEADER, side);
		const { method, cache, keepalive } = request;
		return new Request(url, { method, headers, body, cache, keepalive, signal });
	}

	#configRequest(): Request {
		return new Request(this.#environment.bases.railway + CONFIG_PATH, { cache: 'no-store' });
	}

	/** Requests are made for the railway side. */
	#path(url: string): string {
		return url.slice(this.#environment.bases.railway.length);
	}

	async #updateRollout(response: Response) {
		const { rollout } = (await response.clone().json()) as { rollout?: Rollout | null };
		if (rollout === undefined) return;
		const previousSide = this.#assignedSide;
		if (!rollout && this.#rollout) this.#environment.storage.setSideCookie(null);
		this.#rollout = rollout;
		this.#configLoadedAt = this.#environment.now();
		await this.#updateBucket();
		if (rollout) this.#handleMove(previousSide);
		this.#save();
	}

	#handleMove(previousSide: Side) {
		if (this.#assignedSide === previousSide) return;
		this.#activate(this.#assignedSide);
		this.#moveController.abort();
		this.#moveController = new AbortController();
	}

	#save() {
		const rests: RolloutState['rests'] = {};
		for (const side of ['railway', 'vercel'] as const) {
			const { openUntil } = this.#breakers[side];
			if (openUntil !== null) rests[side] = openUntil;
		}
		this.#environment.storage.save({ rollout: this.#rollout, bucket: this.#bucket, rests });
	}
}

function isRepeatable(request: Request): boolean {
	if (isSlow(request)) return false;
	return ['GET', 'HEAD'].includes(request.method) || request.headers.has('Idempotency-Key');
}

/** The whole body, because a request that was sent cannot be sent again. */
async function readBody(request: Request): Promise<ArrayBuffer | undefined> {
	const body = await request.arrayBuffer();
	return body.byteLength ? body : undefined;
}

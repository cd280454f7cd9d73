/**
 * Every request goes to the side that serves this listener, and to the other one when that side fails.
 *
 * What can be asked twice without harm (reads, and writes with an Idempotency-Key) is repeated on the
 * other side. Any other write is sent once, to a side that answered a moment before. The old
 * application is none of the two, so nothing is ever sent there from here.
 */

import { Breaker } from './circuit_breaker.ts';
import type { Kept, Memory } from './storage.ts';
import { bucketOf, decide, NOBODY, other, type Rollout, type Side } from './side.ts';

/** So long the side that was chosen may take before the other one is asked (milliseconds). */
const PATIENCE = 10_000;
/** So long what was told of the rollout holds before it is asked for again. */
const FRESH = 30_000;
const CONFIG = '/api/config';
/** Says which side is meant, where both are reached under one address. */
const HEADER = 'X-AudioBrew-Side';

export type World = {
	/** The app's own origin. */
	here: string;
	/** Where each side answers; the app's own origin where that is rewritten to it. */
	bases: Record<Side, string>;
	send: (request: Request) => Promise<Response>;
	/** Who is signed in. */
	listener: () => string | null;
	memory: Memory;
	now: () => number;
};

export class Sides {
	#world: World;
	#rollout: Rollout | null | undefined;
	#bucket: number;
	#whose = '';
	#breakers: Record<Side, Breaker>;
	#answered: Side | null = null;
	#toldAt = -Infinity;
	/** Ends streams when their listener is to be served by the other side. */
	#moving = new AbortController();

	constructor(world: World) {
		this.#world = world;
		const { rollout, bucket = NOBODY, rests = {} } = world.memory.read();
		this.#rollout = rollout;
		this.#bucket = bucket;
		const breaker = (side: Side) => new Breaker(world.now, rests[side] ?? null);
		this.#breakers = { railway: breaker('railway'), vercel: breaker('vercel') };
	}

	/** The address of the side that answers now: for what the browser asks for by itself. */
	get base(): string {
		return this.#world.bases[this.#rollout ? (this.#answered ?? this.#wanted) : 'railway'];
	}

	async ask(request: Request): Promise<Response> {
		const config = this.#path(request.url) === CONFIG;
		if (!this.#rollout && !(config && this.#rollout === undefined))
			return this.#one(request, config);
		await this.#know();
		if (!config && this.#world.now() - this.#toldAt > FRESH) void this.refresh();
		const body = await bodyOf(request);
		const [first, second] = this.#order();
		if (!repeatable(request)) {
			return this.#try((await this.#answers(first)) ? first : second, request, body);
		}
		try {
			const answer = await this.#try(first, request, body, PATIENCE);
			if (answer.status < 500) return answer;
		} catch (thrown) {
			if (request.signal.aborted) throw thrown;
		}
		return this.#try(second, request, body);
	}

	/** Ask how far the rollout has come. Whoever kept quiet for a while is told so of a kill, too. */
	async refresh(): Promise<void> {
		if (!this.#rollout) return;
		this.#toldAt = this.#world.now();
		try {
			await this.ask(new Request(this.#world.bases.railway + CONFIG, { cache: 'no-store' }));
		} catch {
			// Neither side answers: what is known holds.
		}
	}

	/** There is one side only, as far as anybody has told. */
	async #one(request: Request, config: boolean): Promise<Response> {
		const answer = await this.#world.send(request);
		if (config && answer.ok) await this.#learn(answer);
		return answer;
	}

	get #wanted(): Side {
		return this.#rollout ? decide(this.#rollout, this.#bucket) : 'railway';
	}

	#order(): [Side, Side] {
		const wanted = this.#wanted;
		return this.#breakers[wanted].allows() ? [wanted, other(wanted)] : [other(wanted), wanted];
	}

	/** Whose bucket it is: another one after a sign-in. */
	async #know() {
		const listener = this.#world.listener();
		if (!this.#rollout || !listener) return;
		const whose = `${this.#rollout.salt}:${listener}`;
		if (whose === this.#whose) return;
		const before = this.#wanted;
		this.#bucket = await bucketOf(this.#rollout.salt, listener);
		this.#whose = whose;
		this.#moved(before);
		this.#keep();
	}

	/** Whether a side answers at this moment. */
	async #answers(side: Side): Promise<boolean> {
		try {
			const knock = new Request(this.#world.bases.railway + CONFIG, { cache: 'no-store' });
			return (await this.#try(side, knock, undefined, PATIENCE)).status < 500;
		} catch {
			return false;
		}
	}

	async #try(side: Side, request: Request, body?: ArrayBuffer, patience = 0): Promise<Response> {
		const late = new AbortController();
		const timer = patience ? setTimeout(() => late.abort(), patience) : undefined;
		const moving = this.#moving.signal;
		const stream = request.url.endsWith('/events') ? [moving] : [];
		const signal = AbortSignal.any([request.signal, late.signal, ...stream]);
		try {
			const answer = await this.#world.send(this.#to(side, request, signal, body));
			this.#answeredBy(side, answer, moving);
			if (answer.ok && this.#path(request.url) === CONFIG) await this.#learn(answer);
			return answer;
		} catch (thrown) {
			if (!request.signal.aborted && !moving.aborted) this.#failed(side);
			throw thrown;
		} finally {
			clearTimeout(timer);
		}
	}

	/** `moving` is aborted when the answer comes from where the listener was served before. */
	#answeredBy(side: Side, answer: Response, moving: AbortSignal) {
		if (answer.status >= 500) return this.#failed(side);
		const rested = this.#breakers[side].until !== null;
		this.#breakers[side].worked();
		if (rested) this.#keep();
		if (this.#rollout && !moving.aborted) this.#mark(side);
	}

	#mark(side: Side) {
		if (this.#answered !== side) this.#world.memory.mark(side);
		this.#answered = side;
	}

	#failed(side: Side) {
		this.#breakers[side].failed();
		if (this.#breakers[side].until !== null) this.#keep();
	}

	#to(side: Side, request: Request, signal: AbortSignal, body?: ArrayBuffer): Request {
		const { here, bases } = this.#world;
		const address = bases[side] + request.url.slice(bases.railway.length);
		const headers = new Headers(request.headers);
		if (bases[side] === here) headers.set(HEADER, side);
		const { method, cache } = request;
		return new Request(address, { method, headers, body, cache, signal });
	}

	#path(url: string): string {
		return url.slice(this.#world.bases.railway.length);
	}

	async #learn(answer: Response) {
		const { rollout } = (await answer.clone().json()) as { rollout?: Rollout | null };
		if (rollout === undefined) return;
		const before = this.#wanted;
		if (!rollout && this.#rollout) this.#world.memory.mark(null);
		this.#rollout = rollout;
		this.#toldAt = this.#world.now();
		await this.#know();
		if (rollout) this.#moved(before);
		this.#keep();
	}

	#moved(before: Side) {
		if (this.#wanted === before) return;
		this.#mark(this.#wanted);
		this.#moving.abort();
		this.#moving = new AbortController();
	}

	#keep() {
		const rests: Kept['rests'] = {};
		for (const side of ['railway', 'vercel'] as const) {
			const until = this.#breakers[side].until;
			if (until !== null) rests[side] = until;
		}
		this.#world.memory.keep({ rollout: this.#rollout, bucket: this.#bucket, rests });
	}
}

function repeatable(request: Request): boolean {
	return ['GET', 'HEAD'].includes(request.method) || request.headers.has('Idempotency-Key');
}

/** Whole, because a request that was sent cannot be sent again. */
async function bodyOf(request: Request): Promise<ArrayBuffer | undefined> {
	const body = await request.arrayBuffer();
	return body.byteLength ? body : undefined;
}

/** A circuit breaker: after three failures within a minute, a side is not used for five minutes. */

const MAX_FAILURES = 3;
const WINDOW_MS = 60_000;
export const OPEN_MS = 300_000;

export class CircuitBreaker {
	/** Until when no request is allowed, in milliseconds since the epoch; null while the circuit is closed. */
	openUntil: number | null;
	#failures: number[] = [];
	#now: () => number;

	constructor(now: () => number, openUntil: number | null = null) {
		this.#now = now;
		this.openUntil = openUntil;
	}

	/** Whether a request may be sent. When the time is up, one request may test the side. */
	allowsRequest(): boolean {
		if (this.openUntil === null) return true;
		if (this.#now() < this.openUntil) return false;
		this.openUntil = this.#now() + OPEN_MS;
		return true;
	}

	recordSuccess() {
		this.openUntil = null;
	}

	recordFailure() {
		const now = this.#now();
		this.#failures = [...this.#failures.filter((time) => now - time < WINDOW_MS), now];
		if (this.openUntil !== null || this.#failures.length >= MAX_FAILURES) {
			this.openUntil = now + OPEN_MS;
		}
	}
}

/** Leaves a side alone that fails: three times within a minute, and it has five minutes' rest. */

const FAILURES = 3;
const WITHIN = 60_000;
export const REST = 300_000;

export class Breaker {
	/** Until when nobody is sent there, in milliseconds of the clock; null while all is well. */
	until: number | null;
	#failures: number[] = [];
	#now: () => number;

	constructor(now: () => number, until: number | null = null) {
		this.#now = now;
		this.until = until;
	}

	/** Whether a request may go there. After the rest one may, and what comes of it holds for all. */
	allows(): boolean {
		if (this.until === null) return true;
		if (this.#now() < this.until) return false;
		this.until = this.#now() + REST;
		return true;
	}

	worked() {
		this.until = null;
	}

	failed() {
		const now = this.#now();
		this.#failures = [...this.#failures.filter((at) => now - at < WITHIN), now];
		if (this.until !== null || this.#failures.length >= FAILURES) this.until = now + REST;
	}
}

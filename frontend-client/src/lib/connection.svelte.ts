/** Whether AudioBrew can be reached, and who wants to know when it can again. */

const FIRST_DELAY = 1_000;
const LONGEST_DELAY = 30_000;

class Connection {
	/** `offline`: this device has no network. `down`: AudioBrew does not respond. */
	state = $state<'good' | 'offline' | 'down'>('good');
	readonly isLost = $derived(this.state !== 'good');
	#probe: (() => Promise<boolean>) | null = null;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#delay = FIRST_DELAY;
	#recoveredAt = 0;
	#isProbing = false;
	#watchers = new Set<() => void>();

	/** `probe` makes one request and returns whether AudioBrew responded. */
	setProbe(probe: () => Promise<boolean>) {
		this.#probe = probe;
		if (typeof window === 'undefined') return;
		addEventListener('offline', () => this.reportFailure());
		addEventListener('online', () => void this.retryNow());
		document.addEventListener('visibilitychange', () => {
			if (document.visibilityState === 'visible' && this.isLost) void this.retryNow();
		});
		if (navigator.onLine === false) this.reportFailure();
	}

	/** Report a failed request. Retries follow with growing delays. */
	reportFailure() {
		// Keep long delays for a while after a recovery, in case requests keep failing.
		const wasGood = this.state === 'good' && Date.now() - this.#recoveredAt > LONGEST_DELAY;
		if (wasGood) this.#delay = FIRST_DELAY;
		this.state =
			typeof navigator !== 'undefined' && navigator.onLine === false ? 'offline' : 'down';
		if (!this.#timer && !this.#isProbing) this.#scheduleRetry();
	}

	/** Report that AudioBrew responded. */
	reportSuccess() {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		if (this.state === 'good') return;
		this.state = 'good';
		this.#recoveredAt = Date.now();
		for (const watcher of this.#watchers) watcher();
	}

	/** Call `watcher` whenever the connection recovers. Returns a function that unsubscribes it. */
	onRecovery(watcher: () => void): () => void {
		this.#watchers.add(watcher);
		return () => this.#watchers.delete(watcher);
	}

	async retryNow() {
		if (this.#isProbing || !this.isLost || !this.#probe) return;
		clearTimeout(this.#timer);
		this.#timer = undefined;
		this.#isProbing = true;
		const isReachable = await this.#probe().catch(() => false);
		this.#isProbing = false;
		if (isReachable) this.reportSuccess();
		else this.reportFailure();
	}

	#scheduleRetry() {
		this.#timer = setTimeout(() => void this.retryNow(), this.#delay);
		this.#delay = Math.min(this.#delay * 2, LONGEST_DELAY);
	}
}

export const connection = new Connection();

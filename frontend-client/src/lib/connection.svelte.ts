/** Whether AudioBrew answers; and once it does again, who wants to know. */

const FIRST_DELAY = 1_000;
const LONGEST_DELAY = 30_000;

class Connection {
	/** `offline`: this device has no network. `down`: AudioBrew does not answer. */
	state = $state<'good' | 'offline' | 'down'>('good');
	readonly isLost = $derived(this.state !== 'good');
	#probe: (() => Promise<boolean>) | null = null;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#delay = FIRST_DELAY;
	#recoveredAt = 0;
	#isProbing = false;
	#watchers = new Set<() => void>();

	/** `probe` asks once whether AudioBrew answers. */
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

	/** A request came to nothing. Ask again by ourselves, ever more seldom. */
	reportFailure() {
		// Pauses stay long soon after a recovery: then something keeps failing.
		const wasGood = this.state === 'good' && Date.now() - this.#recoveredAt > LONGEST_DELAY;
		if (wasGood) this.#delay = FIRST_DELAY;
		this.state =
			typeof navigator !== 'undefined' && navigator.onLine === false ? 'offline' : 'down';
		if (!this.#timer && !this.#isProbing) this.#scheduleRetry();
	}

	/** AudioBrew isReachable. */
	reportSuccess() {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		if (this.state === 'good') return;
		this.state = 'good';
		this.#recoveredAt = Date.now();
		for (const watcher of this.#watchers) watcher();
	}

	/** Call this whenever AudioBrew answers again. Returns an end to it. */
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

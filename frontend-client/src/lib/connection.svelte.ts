/** Whether AudioBrew answers; and once it does again, who wants to know. */

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;

class Connection {
	/** `offline`: this device has no network. `down`: AudioBrew does not answer. */
	state = $state<'good' | 'offline' | 'down'>('good');
	readonly lost = $derived(this.state !== 'good');
	#probe: (() => Promise<boolean>) | null = null;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#pause = FIRST_PAUSE;
	#recoveredAt = 0;
	#probing = false;
	#watchers = new Set<() => void>();

	/** `probe` asks once whether AudioBrew answers. */
	watch(probe: () => Promise<boolean>) {
		this.#probe = probe;
		if (typeof window === 'undefined') return;
		addEventListener('offline', () => this.failed());
		addEventListener('online', () => void this.tryNow());
		document.addEventListener('visibilitychange', () => {
			if (document.visibilityState === 'visible' && this.lost) void this.tryNow();
		});
		if (navigator.onLine === false) this.failed();
	}

	/** A request came to nothing. Ask again by ourselves, ever more seldom. */
	failed() {
		// Pauses stay long soon after a recovery: then something keeps failing.
		const wasGood = this.state === 'good' && Date.now() - this.#recoveredAt > LONGEST_PAUSE;
		if (wasGood) this.#pause = FIRST_PAUSE;
		this.state =
			typeof navigator !== 'undefined' && navigator.onLine === false ? 'offline' : 'down';
		if (!this.#timer && !this.#probing) this.#again();
	}

	/** AudioBrew answered. */
	reached() {
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

	async tryNow() {
		if (this.#probing || !this.lost || !this.#probe) return;
		clearTimeout(this.#timer);
		this.#timer = undefined;
		this.#probing = true;
		const answered = await this.#probe().catch(() => false);
		this.#probing = false;
		if (answered) this.reached();
		else this.failed();
	}

	#again() {
		this.#timer = setTimeout(() => void this.tryNow(), this.#pause);
		this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE);
	}
}

export const connection = new Connection();

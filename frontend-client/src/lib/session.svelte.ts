/** Who is listening, however they signed in. Other tabs are told, and each forgets who was there before. */

import { scope } from '$lib/listener_scope.svelte';
import { storage } from '$lib/storage';
import { openChannel } from '$lib/tab_channel';

/** A token of an older version, or of an API at another origin. */
const TOKEN = 'audiobrew.session';
/** Told to other tabs, where storage reaches them; no secret. */
const WHOSE = 'audiobrew.listener';

export type Listener = { id: string; address: string | null };
export type Change = { listener: string | null };

class Session {
	/** Null while nobody is signed in. */
	listener = $state.raw<Listener | null>(null);
	/** Why the last attempt to sign in did not work. */
	trouble = $state<string | null>(null);
	/** To be sent with every request that changes something, where a cookie signs in. */
	csrf: string | null = null;
	/** What opens the backend where no cookie does. */
	#token: string | null = null;
	/** Where sessions are renewed: the token to send now, and an end of the session. */
	#elsewhere: { token: () => Promise<string | null>; end: () => Promise<void> } | null = null;
	#tell = openChannel<Change>('audiobrew.session', ({ listener }) => this.#changed(listener));
	/** Finds out who is signed in now, by the browser's own session. */
	#find: (() => Promise<void>) | null = null;

	constructor() {
		if (typeof window === 'undefined') return; // while the landing page is prerendered
		addEventListener('storage', (event) => {
			if (event.key === WHOSE) this.#changed(event.newValue);
			if (event.key === null) void this.#find?.(); // all of it was deleted
		});
		addEventListener('pageshow', (event) => event.persisted && location.reload());
		document.addEventListener('visibilitychange', () => {
			if (document.visibilityState === 'visible' && this.listener) void this.#find?.();
		});
	}

	/** The token that an older version left here, or that an API at another origin needs. */
	get stored(): string | null {
		return storage.read(TOKEN);
	}

	/** Look again for who is signed in whenever this browser may have changed it. */
	watch(find: () => Promise<void>) {
		this.#find = find;
	}

	/** From now on this is who listens. */
	become(listener: Listener | null, by: { token?: string | null; csrf?: string | null } = {}) {
		const changed = listener?.id !== this.listener?.id;
		this.#token = by.token ?? null;
		this.csrf = by.csrf ?? null;
		this.listener = listener;
		if (listener) this.trouble = null;
		scope.become(listener?.id ?? null);
		if (changed) this.#announce(listener?.id ?? null);
	}

	/** Keep a token for the next visit: for an API at another origin, where no cookie can be had. */
	keep(token: string) {
		storage.write(TOKEN, token);
	}

	/** No token stays where scripts can read it. */
	discardToken() {
		storage.remove(TOKEN);
	}

	/** Sessions are kept and renewed by somebody else. What this machine once kept is no session there. */
	live(elsewhere: { token: () => Promise<string | null>; end: () => Promise<void> }) {
		this.discardToken();
		this.#elsewhere = elsewhere;
		this.become(null);
	}

	/** The token to send with a request; null where a cookie goes along by itself. */
	async current(): Promise<string | null> {
		return this.#elsewhere ? await this.#elsewhere.token() : this.#token;
	}

	/** Nobody listens here any more. Other tabs are told once the session has ended. */
	async forget() {
		this.discardToken();
		this.#leave();
		try {
			await this.#elsewhere?.end();
		} finally {
			this.#announce(null);
		}
	}

	#leave() {
		this.#token = this.csrf = null;
		this.listener = null;
		scope.become(null);
	}

	#announce(listener: string | null) {
		this.#tell.post({ listener });
		if (listener) storage.write(WHOSE, listener);
		else storage.remove(WHOSE);
	}

	/** Another tab signed in or out. What is here belongs to nobody until it is known to whom. */
	#changed(listener: string | null) {
		if (listener === (this.listener?.id ?? null)) return;
		if (this.listener) this.#leave();
		void this.#find?.();
	}
}

export const session = new Session();

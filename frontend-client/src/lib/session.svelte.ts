/** Who is listening, however they signed in. Other tabs are told, and each forgets who was there before. */

import { scope } from '$lib/listener_scope.svelte';
import { storage } from '$lib/storage';
import { openChannel } from '$lib/tab_channel';

/** A token of an older version, or of an API at another origin. */
const TOKEN_KEY = 'audiobrew.session';
/** Told to other tabs, where storage reaches them; no secret. */
const LISTENER_KEY = 'audiobrew.listener';

export type Listener = { id: string; address: string | null };
export type SessionChange = { listener: string | null };

class Session {
	/** Null while nobody is signed in. */
	listener = $state.raw<Listener | null>(null);
	/** Why the last attempt to sign in did not work. */
	error = $state<string | null>(null);
	/** To be sent with every request that changes something, where a cookie signs in. */
	csrf: string | null = null;
	/** What opens the backend where no cookie does. */
	#token: string | null = null;
	/** Where sessions are renewed: the token to send now, and an end of the session. */
	#provider: { token: () => Promise<string | null>; end: () => Promise<void> } | null = null;
	#channel = openChannel<SessionChange>('audiobrew.session', ({ listener }) =>
		this.#handleChange(listener)
	);
	/** Finds out who is signed in now, by the browser's own session. */
	#find: (() => Promise<void>) | null = null;

	constructor() {
		if (typeof window === 'undefined') return; // while the landing page is prerendered
		addEventListener('storage', (event) => {
			if (event.key === LISTENER_KEY) this.#handleChange(event.newValue);
			if (event.key === null) void this.#find?.(); // all of it was deleted
		});
		addEventListener('pageshow', (event) => event.persisted && location.reload());
		document.addEventListener('visibilitychange', () => {
			if (document.visibilityState === 'visible' && this.listener) void this.#find?.();
		});
	}

	/** The token that an older version left here, or that an API at another origin needs. */
	get storedToken(): string | null {
		return storage.read(TOKEN_KEY);
	}

	/** Look again for who is signed in whenever this browser may have changed it. */
	setFinder(find: () => Promise<void>) {
		this.#find = find;
	}

	/** From now on this is who listens. */
	setListener(
		listener: Listener | null,
		credentials: { token?: string | null; csrf?: string | null } = {}
	) {
		const changed = listener?.id !== this.listener?.id;
		this.#token = credentials.token ?? null;
		this.csrf = credentials.csrf ?? null;
		this.listener = listener;
		if (listener) this.error = null;
		scope.setListener(listener?.id ?? null);
		if (changed) this.#announce(listener?.id ?? null);
	}

	/** Keep a token for the next visit: for an API at another origin, where no cookie can be had. */
	storeToken(token: string) {
		storage.write(TOKEN_KEY, token);
	}

	/** No token stays where scripts can read it. */
	discardToken() {
		storage.remove(TOKEN_KEY);
	}

	/** Sessions are kept and renewed by somebody else. What this machine once kept is no session there. */
	useProvider(provider: { token: () => Promise<string | null>; end: () => Promise<void> }) {
		this.discardToken();
		this.#provider = provider;
		this.setListener(null);
	}

	/** The token to send with a request; null where a cookie goes along by itself. */
	async token(): Promise<string | null> {
		return this.#provider ? await this.#provider.token() : this.#token;
	}

	/** Nobody listens here any more. Other tabs are told once the session has ended. */
	async end() {
		this.discardToken();
		this.#clear();
		try {
			await this.#provider?.end();
		} finally {
			this.#announce(null);
		}
	}

	#clear() {
		this.#token = this.csrf = null;
		this.listener = null;
		scope.setListener(null);
	}

	#announce(listener: string | null) {
		this.#channel.post({ listener });
		if (listener) storage.write(LISTENER_KEY, listener);
		else storage.remove(LISTENER_KEY);
	}

	/** Another tab signed in or out. What is here belongs to nobody until it is known to whom. */
	#handleChange(listener: string | null) {
		if (listener === (this.listener?.id ?? null)) return;
		if (this.listener) this.#clear();
		void this.#find?.();
	}
}

export const session = new Session();

/** Who is listening: the token that opens the backend, however the listener got it. */

const KEY = 'audiobrew.session';
const WHOSE = 'audiobrew.listener';

export type Listener = { id: string; address: string | null };

class Session {
	token = $state<string | null>(null);
	/** Null while nobody is signed in, and for who signed in with an older version of this app. */
	listener = $state<Listener | null>(null);
	/** Why the last attempt to sign in did not work. */
	trouble = $state<string | null>(null);
	/** Where sessions are renewed: the token to send now, and an end of the session. */
	#elsewhere: { token: () => Promise<string | null>; end: () => Promise<void> } | null = null;

	constructor() {
		if (typeof localStorage === 'undefined') return; // while the landing page is prerendered
		this.token = localStorage.getItem(KEY);
		this.listener = JSON.parse(localStorage.getItem(WHOSE) ?? 'null') as Listener | null;
		addEventListener('storage', (event) => {
			if (event.key === KEY) this.token = event.newValue;
		});
	}

	/** A session of this machine's own, which lasts until it is forgotten. */
	remember(token: string, id: string) {
		localStorage.setItem(KEY, token);
		localStorage.setItem(WHOSE, JSON.stringify({ id, address: null }));
		this.become(token, { id, address: null });
	}

	/** From now on this is who listens. */
	become(token: string | null, listener: Listener | null) {
		this.token = token;
		this.listener = listener;
		if (token) this.trouble = null;
	}

	/** Sessions are kept and renewed by somebody else. What this machine once kept is no session there. */
	live(elsewhere: { token: () => Promise<string | null>; end: () => Promise<void> }) {
		localStorage.removeItem(KEY);
		localStorage.removeItem(WHOSE);
		this.#elsewhere = elsewhere;
		this.become(null, null);
	}

	/** The token to send with a request. */
	async current(): Promise<string | null> {
		return this.#elsewhere ? await this.#elsewhere.token() : this.token;
	}

	async forget() {
		localStorage.removeItem(KEY);
		localStorage.removeItem(WHOSE);
		this.become(null, null);
		await this.#elsewhere?.end();
	}
}

export const session = new Session();

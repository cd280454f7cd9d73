/** The current session, independent of the way of signing in. All tabs follow a change of the listener. */

import { scope } from '#lib/listener_scope.svelte.ts';
import { deleteDeviceCaches } from '#lib/pwa/device_caches.ts';
import { storage } from '#lib/storage.ts';
import { openChannel } from '#lib/tab_channel.ts';

/** Key of the session token, stored by older versions and for APIs at another origin. */
const TOKEN_KEY = 'audiobrew.session';
/** Key of the listener's id, which tells other tabs about a change. Not a secret. */
const LISTENER_KEY = 'audiobrew.listener';

export type Listener = { id: string; address: string | null };
export type SessionChange = { listener: string | null };

class Session {
	/** Null while nobody is signed in. */
	listener = $state.raw<Listener | null>(null);
	/** Why the last sign-in failed. */
	error = $state<string | null>(null);
	/** Whether the listener is signing out, after which the page is reloaded. */
	isLeaving = $state(false);
	/** Whether the listener is the last one of this device, whom AudioBrew could not confirm yet. */
	isAssumed = false;
	/** Sent with every request that changes something, where sessions use a cookie. */
	csrf: string | null = null;
	/** The bearer token, where sessions do not use a cookie. */
	#token: string | null = null;
	/** The identity provider that renews sessions, if there is one. */
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
			if (event.key === null) void this.#find?.(); // storage was cleared
		});
		addEventListener('pageshow', (event) => event.persisted && location.reload());
		document.addEventListener('visibilitychange', () => {
			if (document.visibilityState === 'visible' && this.listener) void this.#find?.();
		});
	}

	/** The token stored by an older version, or for an API at another origin. */
	get storedToken(): string | null {
		return storage.read(TOKEN_KEY);
	}

	/** The listener of the last visit, who has not signed out. */
	get lastListener(): string | null {
		return storage.read(LISTENER_KEY);
	}

	/** Without a network, go on as the listener of the last visit. */
	assume(listener: Listener) {
		this.setListener(listener);
		this.isAssumed = true;
	}

	/** Find out who is signed in, before the first request of an assumed listener. */
	async confirm() {
		if (this.isAssumed) await this.#find?.();
	}

	/** Set the function that is called whenever the browser's session may have changed. */
	setFinder(find: () => Promise<void>) {
		this.#find = find;
	}

	/** Set who is signed in, with the credentials of their session. */
	setListener(
		listener: Listener | null,
		credentials: { token?: string | null; csrf?: string | null } = {}
	) {
		const isNewListener = listener?.id !== this.listener?.id;
		this.#token = credentials.token ?? null;
		this.csrf = credentials.csrf ?? null;
		this.listener = listener;
		this.isAssumed = false;
		if (listener) {
			this.error = null;
			void deleteDeviceCaches(listener.id);
		}
		scope.setListener(listener?.id ?? null);
		if (isNewListener) this.#announce(listener?.id ?? null);
	}

	/** Sign in with a session whose cookie the response has set. */
	begin({ user_id, csrf_token }: { user_id: string; csrf_token: string | null }) {
		this.setListener({ id: user_id, address: null }, { csrf: csrf_token });
	}

	/** Store the token for the next visit, for an API at another origin that cannot set a cookie. */
	storeToken(token: string) {
		storage.write(TOKEN_KEY, token);
	}

	/** Remove the token from storage, where scripts could read it. */
	discardToken() {
		storage.remove(TOKEN_KEY);
	}

	/** Let an identity provider keep and renew sessions. A token stored here is not valid there. */
	useProvider(provider: { token: () => Promise<string | null>; end: () => Promise<void> }) {
		this.discardToken();
		this.#provider = provider;
		if (!this.isAssumed) this.setListener(null);
	}

	/** The bearer token of the next request; null if a cookie is sent instead. */
	async token(): Promise<string | null> {
		return this.#provider ? await this.#provider.token() : this.#token;
	}

	/** AudioBrew says that nobody is signed in. */
	async expire() {
		this.discardToken();
		this.setListener(null);
		storage.remove(LISTENER_KEY);
		await deleteDeviceCaches();
	}

	/** End the session here, and tell other tabs once it has ended at the provider. */
	async end() {
		this.discardToken();
		this.#clear();
		try {
			await this.#provider?.end();
		} finally {
			this.#announce(null);
			await deleteDeviceCaches();
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

	/** Another tab signed in or out: clear what belongs to the previous listener. */
	#handleChange(listener: string | null) {
		if (listener === (this.listener?.id ?? null)) return;
		if (this.listener) this.#clear();
		void this.#find?.();
	}
}

export const session = new Session();

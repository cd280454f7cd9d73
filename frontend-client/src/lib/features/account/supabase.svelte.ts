/** Signing in through Supabase. Its library is loaded where that is how one signs in, and nowhere else. */

import type { AuthError, Session, SupabaseClient } from '@supabase/supabase-js';
import type { AppConfig } from '$lib/api';
import { session } from '$lib/session.svelte';
import { Trouble } from '$lib/api_error';
import { choosing, linkIn, troubleOf, type LinkTrouble } from './email_link';
import { sentenceOf } from './supabase_errors';

const HERE = '/dashboard';

class Supabase {
	/** The listener came by the link in a mail that lets them choose another password. */
	choosing = $state(false);
	/** Why the link in a mail that was opened did not sign in. */
	linkTrouble = $state<LinkTrouble | null>(null);
	#client: SupabaseClient | null = null;

	/** Find the session that this browser has, if it has one. Doing it again changes nothing. */
	async open({ supabase_url: url, supabase_key: key }: AppConfig): Promise<void> {
		if (this.#client || !url || !key) return;
		const link = linkIn(location);
		const { createClient } = await import('@supabase/supabase-js');
		const client = createClient(url, key, {
			auth: { flowType: 'pkce', storageKey: 'audiobrew.supabase' }
		});
		this.#client = client;
		session.live({
			token: async () => {
				const found = (await client.auth.getSession()).data.session;
				// Another tab signed somebody else in: nothing is sent for them from here.
				if (found?.user.id !== session.listener?.id) this.#become(found);
				return found?.access_token ?? null;
			},
			end: async () => void (await client.auth.signOut({ scope: 'local' }))
		});
		client.auth.onAuthStateChange((event, found) => {
			if (event === 'PASSWORD_RECOVERY' && found) choosing.begin(found.user.id);
			this.#become(found);
		});
		const find = async () => this.#become((await client.auth.getSession()).data.session);
		session.watch(find);
		await find();
		this.linkTrouble = troubleOf(link, session.listener !== null);
		if (this.linkTrouble) history.replaceState(history.state, '', location.pathname);
	}

	/** Send the mail that confirms an address once more. */
	async resend(email: string): Promise<void> {
		const options = { emailRedirectTo: location.origin + HERE };
		refused((await this.#auth.resend({ type: 'signup', email, options })).error);
	}

	async signIn(email: string, password: string): Promise<void> {
		const { error } = await this.#auth.signInWithPassword({ email, password });
		refused(error);
	}

	/** True when the account can be used at once; else a mail was sent that confirms the address. */
	async signUp(email: string, password: string): Promise<boolean> {
		const options = { emailRedirectTo: location.origin + HERE };
		const { data, error } = await this.#auth.signUp({ email, password, options });
		refused(error);
		return data.session !== null;
	}

	/** Send a mail with a link to choose another password. */
	async forgot(email: string): Promise<void> {
		const redirectTo = location.origin + HERE;
		refused((await this.#auth.resetPasswordForEmail(email, { redirectTo })).error);
	}

	async choose(password: string): Promise<void> {
		refused((await this.#auth.updateUser({ password })).error);
		choosing.end();
		this.choosing = false;
	}

	#become(found: Session | null) {
		this.choosing = choosing.isFor(found?.user.id);
		become(found);
	}

	get #auth() {
		if (!this.#client) throw new Trouble('Sign-in is not ready yet. Please try again.');
		return this.#client.auth;
	}
}

function become(found: Session | null) {
	const { id, email } = found?.user ?? {};
	session.become(id ? { id, address: email ?? null } : null);
}

function refused(error: AuthError | null) {
	if (error) throw new Trouble(sentenceOf(error), error.status);
}

export const supabase = new Supabase();

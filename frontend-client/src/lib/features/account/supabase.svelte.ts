/** Sign-in with Supabase. Its library is loaded only where Supabase signs in. */

import type { AuthError, Session, SupabaseClient } from '@supabase/supabase-js';
import type { AppConfig } from '#lib/api/index.ts';
import { connection } from '#lib/connection.svelte.ts';
import { session } from '#lib/session.svelte.ts';
import { ApiError } from '#lib/api_error.ts';
import { passwordReset, parseEmailLink, findLinkProblem, type LinkProblem } from './email_link';
import { supabaseErrorMessage } from './supabase_errors';

const APP_PATH = '/dashboard';

class Supabase {
	/** Whether the listener came from a password reset link and has to set a new password. */
	isChoosingPassword = $state(false);
	/** Why the link that was opened did not sign in. */
	linkProblem = $state<LinkProblem | null>(null);
	#client: SupabaseClient | null = null;

	/** Connect to Supabase and restore this browser's session. Further calls do nothing. */
	async connect({ supabase_url: url, supabase_key: key }: AppConfig): Promise<void> {
		if (this.#client || !url || !key) return;
		const link = parseEmailLink(location);
		const { createClient } = await import('@supabase/supabase-js');
		const client = createClient(url, key, {
			auth: { flowType: 'pkce', storageKey: 'audiobrew.supabase' }
		});
		this.#client = client;
		session.useProvider({
			token: async () => {
				const authSession = (await client.auth.getSession()).data.session;
				// Another tab signed somebody else in: send nothing for them from here.
				if (authSession?.user.id !== session.listener?.id) this.#setSession(authSession);
				return authSession?.access_token ?? null;
			},
			end: async () => void (await client.auth.signOut({ scope: 'local' }))
		});
		client.auth.onAuthStateChange((event, authSession) => {
			if (event === 'PASSWORD_RECOVERY' && authSession) passwordReset.begin(authSession.user.id);
			if (event === 'SIGNED_OUT') void session.expire();
			this.#setSession(authSession);
		});
		const find = async () => this.#setSession((await client.auth.getSession()).data.session);
		session.setFinder(find);
		await find();
		this.linkProblem = findLinkProblem(link, session.listener !== null);
		if (this.linkProblem) history.replaceState(history.state, '', location.pathname);
	}

	/** Send the confirmation email again. */
	async resendConfirmation(email: string): Promise<void> {
		const options = { emailRedirectTo: location.origin + APP_PATH };
		throwIfRefused((await this.#auth.resend({ type: 'signup', email, options })).error);
	}

	async signIn(email: string, password: string): Promise<void> {
		const { error } = await this.#auth.signInWithPassword({ email, password });
		throwIfRefused(error);
	}

	/** Returns true if the account is ready; otherwise a confirmation email was sent. */
	async signUp(email: string, password: string): Promise<boolean> {
		const options = { emailRedirectTo: location.origin + APP_PATH };
		const { data, error } = await this.#auth.signUp({ email, password, options });
		throwIfRefused(error);
		return data.session !== null;
	}

	/** Send an email with a password reset link. */
	async sendPasswordReset(email: string): Promise<void> {
		const redirectTo = location.origin + APP_PATH;
		throwIfRefused((await this.#auth.resetPasswordForEmail(email, { redirectTo })).error);
	}

	async setPassword(password: string): Promise<void> {
		throwIfRefused((await this.#auth.updateUser({ password })).error);
		passwordReset.end();
		this.isChoosingPassword = false;
	}

	#setSession(authSession: Session | null) {
		this.isChoosingPassword = passwordReset.isFor(authSession?.user.id);
		setListener(authSession);
	}

	get #auth() {
		if (!this.#client) throw new ApiError('Sign-in isn’t ready yet. Please try again.');
		return this.#client.auth;
	}
}

function setListener(authSession: Session | null) {
	// Without a network, a session cannot be renewed; it has not ended.
	if (!authSession && connection.isLost && session.listener) return;
	const { id, email } = authSession?.user ?? {};
	session.setListener(id ? { id, address: email ?? null } : null);
}

function throwIfRefused(error: AuthError | null) {
	if (error) throw new ApiError(supabaseErrorMessage(error), error.status);
}

export const supabase = new Supabase();

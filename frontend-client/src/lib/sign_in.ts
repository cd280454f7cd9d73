/** A one-time code in, a token out. */

import { answer, createSession } from '$lib/backend';
import { session } from '$lib/session.svelte';
import { told } from '$lib/trouble';

/** The code in a sign-in link, in its fragment, or as such. */
export function codeIn(text: string): string | null {
	const fragment = text.includes('#') ? text.slice(text.indexOf('#') + 1) : text;
	return (
		new URLSearchParams(fragment).get('code') ?? (/^[\w-]{8,100}$/.exec(text.trim())?.[0] || null)
	);
}

/** Trade the code in the address bar, which forgets it before anything is sent. */
export async function signInFromAddress(): Promise<void> {
	const code = location.hash.includes('code=') ? codeIn(location.hash) : null;
	if (!code) return;
	history.replaceState(history.state, '', location.pathname + location.search);
	await signIn(code);
}

export async function signIn(code: string): Promise<void> {
	try {
		const { token, user_id } = await answer(createSession({ body: { code } }));
		session.remember(token, user_id);
	} catch (thrown) {
		session.trouble = told(thrown);
	}
}

/** A one-time code in, a session out: a cookie, or a token where the API is at another origin. */

import {
	anyone,
	BY_COOKIE,
	createBrowserSession,
	createSession,
	findSession,
	publicAnswer
} from '$lib/backend';
import { session } from '$lib/session.svelte';
import { told } from '$lib/api_error';

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
		if (BY_COOKIE) await forCookie({ body: { code } });
		else {
			const { token, user_id } = await publicAnswer(createSession({ body: { code }, ...anyone }));
			session.keep(token);
			session.become({ id: user_id, address: null }, { token });
		}
	} catch (thrown) {
		session.trouble = told(thrown);
	}
}

/** Find the session that this browser has. A token of an older version is traded for a cookie, once. */
export async function resumeSession(): Promise<void> {
	session.watch(() => findSession().catch(() => {})); // out of reach: asked again later
	const token = session.stored;
	if (!token || !BY_COOKIE || session.listener) return findSession();
	try {
		await forCookie({ body: {}, headers: { Authorization: `Bearer ${token}` } });
	} catch {
		await findSession(); // it has ended, or nobody answers: then this says so
	}
}

async function forCookie(how: Parameters<typeof createBrowserSession>[0]): Promise<void> {
	const found = await publicAnswer(createBrowserSession({ ...how, ...anyone }));
	session.discardToken();
	session.become({ id: found.user_id, address: null }, { csrf: found.csrf_token });
}

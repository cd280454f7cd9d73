/** Exchanges a one-time code for a session: a cookie, or a token if the API is at another origin. */

import {
	anonymous,
	USES_COOKIE,
	createBrowserSession,
	createSession,
	findSession,
	unwrapAnonymous
} from '#lib/backend.ts';
import { session } from '#lib/session.svelte.ts';
import { errorMessage } from '#lib/api_error.ts';

/** Find the code in a sign-in link, in a fragment, or in the code alone. */
export function codeIn(text: string): string | null {
	const fragment = text.includes('#') ? text.slice(text.indexOf('#') + 1) : text;
	return (
		new URLSearchParams(fragment).get('code') ?? (/^[\w-]{8,100}$/.exec(text.trim())?.[0] || null)
	);
}

/** Exchange the code in the address bar, which is removed before any request. */
export async function signInFromAddress(): Promise<void> {
	const code = location.hash.includes('code=') ? codeIn(location.hash) : null;
	if (!code) return;
	history.replaceState(history.state, '', location.pathname + location.search);
	await signIn(code);
}

export async function signIn(code: string): Promise<void> {
	try {
		if (USES_COOKIE) await createCookieSession({ body: { code } });
		else {
			const { token, user_id } = await unwrapAnonymous(
				createSession({ body: { code }, ...anonymous })
			);
			session.storeToken(token);
			session.setListener({ id: user_id, address: null }, { token });
		}
	} catch (error) {
		session.error = errorMessage(error);
	}
}

/** Restore this browser's session. A token stored by an older version is exchanged for a cookie. */
export async function resumeSession(): Promise<void> {
	session.setFinder(() => findSession().catch(() => {})); // tried again later
	const token = session.storedToken;
	if (!token || !USES_COOKIE || session.listener) return findSession();
	try {
		await createCookieSession({ body: {}, headers: { Authorization: `Bearer ${token}` } });
	} catch {
		await findSession(); // the token has expired or nothing responds; this call tells which
	}
}

async function createCookieSession(
	options: Parameters<typeof createBrowserSession>[0]
): Promise<void> {
	const browserSession = await unwrapAnonymous(createBrowserSession({ ...options, ...anonymous }));
	session.discardToken();
	session.begin(browserSession);
}

/** What Google sent the listener back with. It stands in the address once, and is takeOAuthReturn out at once. */

export type OAuthReturn = { code: string; state: string } | { error: string };

let waiting: OAuthReturn | null = null;

/** Read it from a fragment such as `#gmail_code=…&gmail_state=…`; null when there is nothing of it. */
export function parseOAuthReturn(fragment: string): OAuthReturn | null {
	const told = new URLSearchParams(fragment.replace(/^#/, ''));
	const [code, state, error] = ['gmail_code', 'gmail_state', 'gmail_error'].map((name) =>
		told.get(name)
	);
	if (code && state) return { code, state };
	return error ? { error } : null;
}

/** Take it out of the address bar before anything else reads it. */
export function captureOAuthReturn(): void {
	const found = parseOAuthReturn(location.hash);
	if (!found) return;
	history.replaceState(history.state, '', location.pathname + location.search);
	waiting = found;
}

/** What is waiting, once. */
export function takeOAuthReturn(): OAuthReturn | null {
	const found = waiting;
	waiting = null;
	return found;
}

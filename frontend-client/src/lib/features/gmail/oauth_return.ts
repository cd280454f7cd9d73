/** Parameters that Google's consent page returns with. They are removed from the address at once. */

export type OAuthReturn = { code: string; state: string } | { error: string };

let waiting: OAuthReturn | null = null;

/** Parse a fragment such as `#gmail_code=…&gmail_state=…`; null if it has none of these parameters. */
export function parseOAuthReturn(fragment: string): OAuthReturn | null {
	const told = new URLSearchParams(fragment.replace(/^#/, ''));
	const [code, state, error] = ['gmail_code', 'gmail_state', 'gmail_error'].map((name) =>
		told.get(name)
	);
	if (code && state) return { code, state };
	return error ? { error } : null;
}

/** Read the parameters and remove them from the address bar before anything else reads it. */
export function captureOAuthReturn(): void {
	const found = parseOAuthReturn(location.hash);
	if (!found) return;
	history.replaceState(history.state, '', location.pathname + location.search);
	waiting = found;
}

/** Return the captured parameters, once. */
export function takeOAuthReturn(): OAuthReturn | null {
	const found = waiting;
	waiting = null;
	return found;
}

/** Parameters that Google's consent page returns with. They are removed from the address at once. */

export type OAuthReturn = { code: string; state: string } | { error: string };

let pending: OAuthReturn | null = null;

/** Parse a fragment such as `#gmail_code=…&gmail_state=…`; null if it has none of these parameters. */
export function parseOAuthReturn(fragment: string): OAuthReturn | null {
	const params = new URLSearchParams(fragment.replace(/^#/, ''));
	const [code, state, error] = ['gmail_code', 'gmail_state', 'gmail_error'].map((name) =>
		params.get(name)
	);
	if (code && state) return { code, state };
	return error ? { error } : null;
}

/** Read the parameters and remove them from the address bar before anything else reads it. */
export function captureOAuthReturn(): void {
	const result = parseOAuthReturn(location.hash);
	if (!result) return;
	history.replaceState(history.state, '', location.pathname + location.search);
	pending = result;
}

/** Return the captured parameters, once. */
export function takeOAuthReturn(): OAuthReturn | null {
	const result = pending;
	pending = null;
	return result;
}

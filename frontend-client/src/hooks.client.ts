import type { ClientInit } from '@sveltejs/kit';
import { captureOAuthReturn } from '$lib/features/gmail/oauth_return';
import { signInFromAddress } from '$lib/sign_in';

/** Run before the router starts: it would write the code back into the address. */
export const init: ClientInit = async () => {
	addEventListener('hashchange', () => void signInFromAddress());
	captureOAuthReturn();
	await signInFromAddress();
};

import type { ClientInit } from '@sveltejs/kit';
import { captureOAuthReturn } from '$lib/features/gmail/oauth_return';
import { signInFromAddress } from '$lib/sign_in';

/** Before the app reads the address: the router would write the code back into it. */
export const init: ClientInit = async () => {
	addEventListener('hashchange', () => void signInFromAddress());
	captureOAuthReturn();
	await signInFromAddress();
};

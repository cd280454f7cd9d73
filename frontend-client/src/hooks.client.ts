import type { ClientInit } from '@sveltejs/kit/hooks';
import { captureOAuthReturn } from '#lib/features/gmail/oauth_return.ts';
import { invitation } from '#lib/features/home/invitation.svelte.ts';
import { readProviderAnswer } from '#lib/features/home/provider.ts';
import { signInFromAddress } from '#lib/sign_in.ts';

/** Run before the router starts: it would write the code back into the address. */
export const init: ClientInit = async () => {
	addEventListener('hashchange', () => {
		invitation.readFromAddress();
		void signInFromAddress();
	});
	invitation.readFromAddress();
	captureOAuthReturn();
	readProviderAnswer();
	await signInFromAddress();
};

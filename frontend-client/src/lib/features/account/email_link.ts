/** Links in Supabase's emails, and why one did not sign in. */

import { tabStorage } from '#lib/storage.ts';

const KEY = 'audiobrew.choosing';

/** `expired`: used or too old. `elsewhere`: opened in another browser than the one that requested it. */
export type LinkProblem = 'expired' | 'elsewhere';

export const LINK_MESSAGES: Record<LinkProblem, string> = {
	expired: 'This link has expired or was already used. You can request a new one below.',
	elsewhere:
		'You opened this link in a different browser from the one you requested it in. If it was to confirm your ' +
		'email address, sign in now. To reset your password, request a new link below.'
};

/** Read the parameters that Supabase adds to the address after a link. */
export function parseEmailLink({ search, hash }: { search: string; hash: string }) {
	const params = [search.slice(1), hash.slice(1)].map((text) => new URLSearchParams(text));
	const has = (name: string) => params.some((part) => part.has(name));
	return {
		hasError: has('error_code') || has('error_description'),
		hasCode: params[0]!.has('code')
	};
}

/** Why an opened link did not sign in; null if no link was opened or it worked. */
export function findLinkProblem(
	link: ReturnType<typeof parseEmailLink>,
	isSignedIn: boolean
): LinkProblem | null {
	if (link.hasError) return 'expired';
	return link.hasCode && !isSignedIn ? 'elsewhere' : null;
}

/** Remembers, across reloads of this tab, which listener is setting a new password. */
export const passwordReset = {
	begin: (listener: string) => tabStorage.write(KEY, listener),
	end: () => tabStorage.remove(KEY),
	isFor: (listener: string | undefined) => !!listener && tabStorage.read(KEY) === listener
};

/** What became of the link in a mail of Supabase's, where it did not sign in. */

import { tabStorage } from '$lib/storage';

const CHOOSING = 'audiobrew.passwordReset';

/** `expired`: used, or too old. `elsewhere`: opened in a browser that did not ask for it. */
export type LinkProblem = 'expired' | 'elsewhere';

export const LINK_MESSAGES: Record<LinkProblem, string> = {
	expired:
		'This link was used already or is too old. Enter your email address and we send you a new one.',
	elsewhere:
		'This link was opened in another browser than the one that asked for it. If it confirmed your ' +
		'address, sign in now. For a new password, ask for a new link here.'
};

/** What Supabase wrote into the address it sent the listener back to. */
export function parseEmailLink({ search, hash }: { search: string; hash: string }) {
	const told = [search.slice(1), hash.slice(1)].map((text) => new URLSearchParams(text));
	const has = (name: string) => told.some((part) => part.has(name));
	return { hasError: has('error_code') || has('error_description'), hasCode: told[0]!.has('code') };
}

/** Why nobody is signed in although a link was opened; null if none was. */
export function findLinkProblem(
	link: ReturnType<typeof parseEmailLink>,
	isSignedIn: boolean
): LinkProblem | null {
	if (link.hasError) return 'expired';
	return link.hasCode && !isSignedIn ? 'elsewhere' : null;
}

/** Whose new password is being chosen: it goes on after a reload, for them alone. */
export const passwordReset = {
	begin: (listener: string) => tabStorage.write(CHOOSING, listener),
	end: () => tabStorage.remove(CHOOSING),
	isFor: (listener: string | undefined) => !!listener && tabStorage.read(CHOOSING) === listener
};

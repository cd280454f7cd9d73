/** The consent at Google, and whether there is one. The mailbox itself is one of the listener's sources. */

import { perListener } from '#lib/listener_scope.svelte.ts';
import {
	unwrap,
	addGmailSource,
	beginGmailSource,
	getGmail,
	listGmailEmails,
	type GmailStatus
} from '#lib/backend.ts';
import { ApiError } from '#lib/api_error.ts';
import type { OAuthReturn } from './oauth_return';

class Gmail {
	/** Null until loaded. */
	status = $state<GmailStatus | null>(null);

	async load() {
		this.status = await unwrap(getGmail());
	}

	/** Go to Google's consent page. */
	async startConsent() {
		const { authorization_url } = await unwrap(beginGmailSource());
		location.assign(authorization_url);
	}

	/** Add the mailbox after the listener returned from Google. Raises `ApiError` if they refused. */
	async finishConsent(oauthReturn: OAuthReturn) {
		if ('error' in oauthReturn) throw new ApiError(describeRefusal(oauthReturn.error));
		await unwrap(addGmailSource({ body: oauthReturn }));
		this.status = null;
	}

	/** Import new emails under the label. Returns the number of emails under it. */
	async importNew(): Promise<number> {
		try {
			return (await unwrap(listGmailEmails({ query: { limit: 1 } }))).total;
		} catch (error) {
			await this.load(); // Google may have just revoked access
			throw error;
		}
	}
}

/** The message for Google's error code. */
export function describeRefusal(error: string): string {
	return error === 'access_denied'
		? 'You didn’t allow access, so Gmail wasn’t connected.'
		: 'Google couldn’t complete the connection. Please try again.';
}

export const gmail = perListener(() => new Gmail());

/** The listener's Gmail connection and label. */

import { perListener } from '#lib/listener_scope.svelte.ts';
import {
	unwrap,
	beginGmail,
	chooseGmailLabel,
	connectGmail,
	disconnectGmail,
	getGmail,
	listGmailEmails,
	listGmailLabels,
	type GmailLabels,
	type GmailStatus
} from '#lib/backend.ts';
import { ApiError } from '#lib/api_error.ts';
import type { OAuthReturn } from './oauth_return';

class Gmail {
	/** Null until loaded. */
	status = $state<GmailStatus | null>(null);
	labels = $state<GmailLabels | null>(null);

	async load() {
		this.status = await unwrap(getGmail());
		this.labels = null;
		if (!this.status.is_connected) return;
		try {
			this.labels = await unwrap(listGmailLabels());
		} catch (error) {
			if (await this.refreshConnection()) throw error;
		}
	}

	/**
	 * Google may have just revoked access, so read the status again. Returns whether Gmail is still
	 * connected.
	 */
	private async refreshConnection(): Promise<boolean> {
		this.status = await unwrap(getGmail());
		return this.status.is_connected;
	}

	/** Go to Google's consent page. */
	async startConsent() {
		const { authorization_url } = await unwrap(beginGmail());
		location.assign(authorization_url);
	}

	/** Connect after the listener returned from Google. Raises `ApiError` if they refused. */
	async finishConsent(oauthReturn: OAuthReturn) {
		if ('error' in oauthReturn) throw new ApiError(describeRefusal(oauthReturn.error));
		this.status = await unwrap(connectGmail({ body: oauthReturn }));
		await this.load();
	}

	async disconnect() {
		await unwrap(disconnectGmail());
		await this.load();
	}

	/** `null` selects the label named AudioBrew. */
	async chooseLabel(label_id: string | null) {
		this.status = await unwrap(chooseGmailLabel({ body: { label_id } }));
	}

	/** Import new emails under the label. Returns the number of emails under it. */
	async importNew(): Promise<number> {
		try {
			return (await unwrap(listGmailEmails({ query: { limit: 1 } }))).total;
		} catch (error) {
			await this.refreshConnection();
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

/** The listener's Gmail: connected or not, and the label that newsletters are read from. */

import { perListener } from '$lib/listener_scope.svelte';
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
} from '$lib/backend';
import { ApiError } from '$lib/api_error';
import type { OAuthReturn } from './oauth_return';

class Gmail {
	/** Null until it was asked for. */
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

	/** Google may just have said that it no longer lets us in: then the status says so. */
	private async refreshConnection(): Promise<boolean> {
		this.status = await unwrap(getGmail());
		return this.status.is_connected;
	}

	/** Leave for Google, where the listener consents. */
	async startConsent() {
		const { authorization_url } = await unwrap(beginGmail());
		location.assign(authorization_url);
	}

	/** Back from Google. */
	async finishConsent(oauthReturn: OAuthReturn) {
		if ('error' in oauthReturn) throw new ApiError(describeRefusal(oauthReturn.error));
		this.status = await unwrap(connectGmail({ body: oauthReturn }));
		await this.load();
	}

	async disconnect() {
		await unwrap(disconnectGmail());
		await this.load();
	}

	/** `null`: the one named AudioBrew. */
	async chooseLabel(label_id: string | null) {
		this.status = await unwrap(chooseGmailLabel({ body: { label_id } }));
	}

	/** Bring in what is new under the label. How many mails there are under it. */
	async importNew(): Promise<number> {
		try {
			return (await unwrap(listGmailEmails({ query: { limit: 1 } }))).total;
		} catch (error) {
			await this.refreshConnection();
			throw error;
		}
	}
}

/** What Google calls a describeRefusal, as a sentence. */
export function describeRefusal(error: string): string {
	return error === 'access_denied'
		? 'You did not allow it at Google, so nothing was connected.'
		: 'Google did not finish. Nothing was connected; please try again.';
}

export const gmail = perListener(() => new Gmail());

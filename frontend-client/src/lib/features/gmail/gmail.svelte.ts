/** The listener's Gmail: connected or not, and the label that newsletters are read from. */

import { perListener } from '$lib/listener_scope.svelte';
import {
	answer,
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
import { Trouble } from '$lib/api_error';
import type { HandedOn } from './oauth_return';

class Gmail {
	/** Null until it was asked for. */
	status = $state<GmailStatus | null>(null);
	labels = $state<GmailLabels | null>(null);

	async load() {
		this.status = await answer(getGmail());
		this.labels = null;
		if (!this.status.is_connected) return;
		try {
			this.labels = await answer(listGmailLabels());
		} catch (thrown) {
			if (await this.stillConnected()) throw thrown;
		}
	}

	/** Google may just have said that it no longer lets us in: then the status says so. */
	private async stillConnected(): Promise<boolean> {
		this.status = await answer(getGmail());
		return this.status.is_connected;
	}

	/** Leave for Google, where the listener consents. */
	async begin() {
		const { authorization_url } = await answer(beginGmail());
		location.assign(authorization_url);
	}

	/** Back from Google. */
	async finish(told: HandedOn) {
		if ('error' in told) throw new Trouble(refusal(told.error));
		this.status = await answer(connectGmail({ body: told }));
		await this.load();
	}

	async disconnect() {
		await answer(disconnectGmail());
		await this.load();
	}

	/** `null`: the one named AudioBrew. */
	async choose(label_id: string | null) {
		this.status = await answer(chooseGmailLabel({ body: { label_id } }));
	}

	/** Bring in what is new under the label. How many mails there are under it. */
	async lookForNew(): Promise<number> {
		try {
			return (await answer(listGmailEmails({ query: { limit: 1 } }))).total;
		} catch (thrown) {
			await this.stillConnected();
			throw thrown;
		}
	}
}

/** What Google calls a refusal, as a sentence. */
export function refusal(error: string): string {
	return error === 'access_denied'
		? 'You did not allow it at Google, so nothing was connected.'
		: 'Google did not finish. Nothing was connected; please try again.';
}

export const gmail = perListener(() => new Gmail());

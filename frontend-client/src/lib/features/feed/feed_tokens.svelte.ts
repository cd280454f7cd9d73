/** The listener's private feed links: one for each device, each revocable. */

import { perListener } from '#lib/listener_scope.svelte.ts';
import {
	unwrap,
	createFeedToken,
	listFeedTokens,
	revokeFeedToken,
	type FeedToken,
	type NewFeedToken
} from '#lib/backend.ts';

class FeedTokens {
	list = $state<FeedToken[] | null>(null);
	/** The link just created. Its URL is only known now, and removed when the listener leaves this page. */
	newToken = $state<NewFeedToken | null>(null);

	async load() {
		this.list = await unwrap(listFeedTokens());
	}

	async create(name: string) {
		this.newToken = await unwrap(createFeedToken({ body: { name } }));
		await this.load();
	}

	async revoke(id: string) {
		await unwrap(revokeFeedToken({ path: { id } }));
		if (this.newToken?.id === id) this.newToken = null;
		await this.load();
	}
}

export const feedTokens = perListener(() => new FeedTokens());

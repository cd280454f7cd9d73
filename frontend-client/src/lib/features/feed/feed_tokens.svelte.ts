/** The addresses under which podcast apps find the show: one a device, each revocable. */

import { perListener } from '$lib/listener_scope.svelte';
import {
	answer,
	createFeedToken,
	listFeedTokens,
	revokeFeedToken,
	type FeedToken,
	type NewFeedToken
} from '$lib/backend';

class FeedTokens {
	list = $state<FeedToken[] | null>(null);
	/** The one just made. Its address is told once: it is gone when this page is left. */
	made = $state<NewFeedToken | null>(null);

	async load() {
		this.list = await answer(listFeedTokens());
	}

	async make(name: string) {
		this.made = await answer(createFeedToken({ body: { name } }));
		await this.load();
	}

	async revoke(id: string) {
		await answer(revokeFeedToken({ path: { id } }));
		if (this.made?.id === id) this.made = null;
		await this.load();
	}
}

export const tokens = perListener(() => new FeedTokens());

/** The listener's podcast: its episodes, finished and brewing. It outlives every page. */

import { SvelteMap } from 'svelte/reactivity';
import {
	answer,
	cancelPodcast,
	changePodcast,
	deletePodcast,
	brewPodcast,
	getPodcast,
	listPodcasts,
	retryPodcast,
	type Bill,
	type BrewRequest,
	type EpisodeNewsletter,
	type Podcast
} from '$lib/backend';
import { following } from './following';
import { after, AT_FIRST, brewing, type Progress } from './progress';

const PAGE = 50;

class MyPodcast {
	/** Every episode that was told of, by its id. */
	readonly known = new SvelteMap<string, Podcast>();
	/** How far each brew has come, by the episode's id. */
	readonly progress = new SvelteMap<string, Progress>();
	/** What an episode has cost so far, by its id; known of those that were opened. */
	readonly bills = new SvelteMap<string, Bill>();
	/** What an episode was ordered from, by its id; known of those that were opened. */
	readonly newsletters = new SvelteMap<string, EpisodeNewsletter[]>();
	/** Whether there are older ones that were not asked for yet. */
	more = $state(false);
	#order = $state<string[] | null>(null);
	#followed = new Map<string, AbortController>();

	/** Newest first; null until they were asked for. */
	readonly episodes = $derived(this.#order?.flatMap((id) => this.known.get(id) ?? []) ?? null);

	/** What is told: once that changes, other newsletters are new. */
	readonly finished = $derived(
		this.episodes
			?.filter(({ status }) => status === 'ready')
			.map(({ id }) => id)
			.join()
	);

	async load() {
		const newest = await answer(listPodcasts({ query: { limit: PAGE } }));
		this.#order = newest.map(({ id }) => id);
		this.#keep(newest);
	}

	async loadMore() {
		const before = this.#order?.at(-1);
		const older = await answer(listPodcasts({ query: { limit: PAGE, before } }));
		this.#order = [...(this.#order ?? []), ...older.map(({ id }) => id)];
		this.#keep(older);
	}

	/** One episode as the backend knows it now, with an address to hear it that has not expired. */
	async fresh(id: string): Promise<Podcast> {
		const episode = await answer(getPodcast({ path: { id } }));
		this.known.set(id, episode);
		this.bills.set(id, episode.bill);
		this.newsletters.set(id, episode.newsletters);
		if (brewing(episode)) void this.#follow(id);
		return episode;
	}

	/** Order an episode. `key` names the order: sent twice, it is brewed once. */
	async brew(order: BrewRequest, key: string): Promise<Podcast> {
		const headers = { 'idempotency-key': key };
		const { id } = await answer(brewPodcast({ body: order, headers }));
		const episode = await this.fresh(id);
		if (!this.#order?.includes(id)) this.#order = [id, ...(this.#order ?? [])];
		return episode;
	}

	async cancel(id: string) {
		await answer(cancelPodcast({ path: { id } }));
		await this.fresh(id);
	}

	/** Another attempt; `cap` is what it may cost at most, null without a limit; left out, it stays. */
	async retry(id: string, cap?: number | null) {
		if (cap !== undefined) await answer(changePodcast({ path: { id }, body: { cap_usd: cap } }));
		await answer(retryPodcast({ path: { id } }));
		this.#unfollow(id);
		await this.fresh(id);
	}

	async rename(id: string, title: string) {
		this.known.set(id, await answer(changePodcast({ path: { id }, body: { title } })));
	}

	async remove(id: string) {
		this.#unfollow(id);
		await answer(deletePodcast({ path: { id } }));
		this.#order = this.#order?.filter((known) => known !== id) ?? null;
		this.known.delete(id);
	}

	#keep(page: Podcast[]) {
		this.more = page.length === PAGE;
		page.forEach((episode) => this.known.set(episode.id, episode));
		page.filter(brewing).forEach(({ id }) => void this.#follow(id));
	}

	async #follow(id: string) {
		if (this.#followed.has(id)) return;
		const control = new AbortController();
		this.#followed.set(id, control);
		const goesOn = async () => brewing(await this.fresh(id));
		for await (const event of following(id, control.signal, goesOn)) {
			if (event.event === 'end') await this.fresh(id);
			else this.progress.set(id, after(this.progress.get(id) ?? AT_FIRST, event));
		}
		if (this.#followed.get(id) === control) this.#unfollow(id);
	}

	#unfollow(id: string) {
		this.#followed.get(id)?.abort();
		this.#followed.delete(id);
		this.progress.delete(id);
	}
}

export const podcast = new MyPodcast();

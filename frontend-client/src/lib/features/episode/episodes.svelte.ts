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
import { connection } from '$lib/connection.svelte';
import { perListener, scope } from '$lib/listener_scope.svelte';
import { Trouble } from '$lib/api_error';
import { BrewEvents, type Brew, type TabEvent } from './brew_events';
import { after, AT_FIRST, brewing, type Progress } from './progress';

const PAGE = 50;
/** Events come in crowds: what they make necessary is asked for once (milliseconds). */
const GATHER = 150;

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
	#events: BrewEvents | null = null;
	#stopRecovery = () => {};
	/** Episodes whose end, or whose beginning, was told of and that are to be read again. */
	#stale = new Set<string>();
	#listStale = false;
	#gathering: ReturnType<typeof setTimeout> | undefined;

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
		this.#listen();
		const newest = await answer(listPodcasts({ query: { limit: PAGE } }));
		this.#merge(newest);
	}

	async loadMore() {
		const before = this.#order?.at(-1);
		const older = await answer(listPodcasts({ query: { limit: PAGE, before } }));
		this.#order = [...(this.#order ?? []), ...older.map(({ id }) => id)];
		this.more = older.length === PAGE;
		this.#keep(older);
	}

	/** One episode as the backend knows it now, with an address to hear it that has not expired. */
	async fresh(id: string): Promise<Podcast> {
		this.#listen();
		const episode = await answer(getPodcast({ path: { id } }));
		this.#keep([episode]);
		this.bills.set(id, episode.bill);
		this.newsletters.set(id, episode.newsletters);
		return episode;
	}

	/** Order an episode. `key` names the order: sent twice, it is brewed once. */
	async brew(order: BrewRequest, key: string): Promise<string> {
		const headers = { 'idempotency-key': key };
		const { id } = await answer(brewPodcast({ body: order, headers }));
		await this.#show(id);
		return id;
	}

	async cancel(id: string) {
		await answer(cancelPodcast({ path: { id } }));
		await this.#show(id);
	}

	/** Another attempt; `cap` is what it may cost at most, null without a limit; left out, it stays. */
	async retry(id: string, cap?: number | null) {
		if (cap !== undefined) await answer(changePodcast({ path: { id }, body: { cap_usd: cap } }));
		await answer(retryPodcast({ path: { id } }));
		this.progress.delete(id);
		await this.#show(id);
	}

	async rename(id: string, title: string) {
		this.known.set(id, await answer(changePodcast({ path: { id }, body: { title } })));
		this.#events?.changed();
	}

	async remove(id: string) {
		await answer(deletePodcast({ path: { id } }));
		this.#drop(id);
		this.#events?.changed();
	}

	/** The listener is not here any more. */
	leave() {
		clearTimeout(this.#gathering);
		this.#stopRecovery();
	}

	/** What was done is done, even if it cannot be looked at right now: then it is looked at later. */
	async #show(id: string) {
		this.#events?.changed();
		try {
			await this.#readOne(id);
		} catch (thrown) {
			if (!(thrown instanceof Trouble)) throw thrown;
			this.#read(id);
		}
	}

	/** One episode, in the list too, if that was asked for. */
	async #readOne(id: string) {
		const episode = await this.fresh(id);
		if (this.#order && !this.#order.includes(id)) this.#insert(episode);
	}

	/** Newest first. */
	#insert({ id, created_at }: Podcast) {
		const order = this.#order ?? [];
		const place = order.findIndex((one) => (this.known.get(one)?.created_at ?? '') < created_at);
		this.#order = order.toSpliced(place < 0 ? order.length : place, 0, id);
	}

	/** The newest page as it is now: older ones that were asked for stay, what is gone from it goes. */
	#merge(newest: Podcast[]) {
		const ids = new Set(newest.map(({ id }) => id));
		const oldest = newest.at(-1)?.created_at ?? '';
		const full = newest.length === PAGE;
		const older = (this.#order ?? []).filter(
			(id) => full && !ids.has(id) && (this.known.get(id)?.created_at ?? '') < oldest
		);
		if (!older.length) this.more = full;
		this.#keep(newest);
		this.#order = [...ids, ...older];
	}

	#keep(page: Podcast[]) {
		for (const episode of page) {
			this.known.set(episode.id, episode);
			if (!brewing(episode)) this.progress.delete(episode.id);
		}
	}

	#drop(id: string) {
		this.#order = this.#order?.filter((known) => known !== id) ?? null;
		this.known.delete(id);
		this.progress.delete(id);
		this.bills.delete(id);
		this.newsletters.delete(id);
	}

	/** Begin to hear of brews, once. */
	#listen() {
		if (this.#events || !scope.id) return;
		this.#stopRecovery = connection.onRecovery(() => this.#read());
		this.#events = new BrewEvents({
			listener: scope.id,
			signal: scope.signal,
			hear: (event) => this.#heard(event),
			poll: () => this.#readNow(true)
		});
	}

	#heard(event: TabEvent) {
		if (event.event === 'snapshot') this.#compare(event.brews);
		else if (event.event === 'progress') this.#advance(event);
		else if (event.event === 'end') this.#read(event.podcast_id);
		else if (event.event === 'gone') this.#drop(event.podcast_id);
		else this.#read();
	}

	/** All brews that are open: others have ended meanwhile, here or elsewhere. */
	#compare(brews: Brew[]) {
		const open = new Set(brews.map(({ podcast_id }) => podcast_id));
		brews.forEach((brew) => this.#advance(brew));
		const ended = [...this.known.values()].filter((one) => brewing(one) && !open.has(one.id));
		ended.forEach(({ id }) => this.#read(id));
		this.#read();
	}

	#advance({ podcast_id: id, ...state }: Brew) {
		const episode = this.known.get(id);
		if (!episode || !brewing(episode)) this.#read(id);
		this.progress.set(id, after(this.progress.get(id) ?? AT_FIRST, state));
	}

	/** Read the list again soon, and this episode if the list does not hold it. */
	#read(id?: string) {
		if (id) this.#stale.add(id);
		this.#listStale = true;
		this.#gathering ??= setTimeout(() => {
			this.#gathering = undefined;
			void this.#readNow().catch(() => {}); // a lost connection is said elsewhere, and recovers
		}, GATHER);
	}

	async #readNow(poll = false) {
		const ids = [...this.#stale];
		const whole = this.#listStale && this.#order !== null;
		this.#stale.clear();
		this.#listStale = false;
		try {
			if (whole || (poll && this.#order)) await this.load();
			const { signal } = scope;
			const open = poll ? [...this.known.values()].filter(brewing).map(({ id }) => id) : [];
			for (const id of new Set([...ids, ...open])) {
				if (signal.aborted) return;
				if (this.#needs(id)) await this.#refresh(id);
			}
		} catch (thrown) {
			ids.forEach((id) => this.#stale.add(id));
			this.#listStale = true;
			throw thrown;
		}
	}

	/** Whether the list that was just read does not say enough of it. */
	#needs(id: string): boolean {
		return !this.#order?.includes(id) || this.bills.has(id);
	}

	async #refresh(id: string) {
		try {
			await this.#readOne(id);
		} catch (thrown) {
			if (!(thrown instanceof Trouble && thrown.status === 404)) throw thrown;
			this.#drop(id);
		}
	}
}

export const podcast = perListener(() => new MyPodcast());

/** The listener's episodes. The store lives as long as the app is open. */

import { SvelteMap } from 'svelte/reactivity';
import {
	unwrap,
	cancelPodcast,
	changePodcast,
	deletePodcast,
	brewPodcast,
	getPodcast,
	listPodcasts,
	retryPodcast,
	speakPodcast,
	type Bill,
	type BrewRequest,
	type EpisodeNewsletter,
	type Playback,
	type PlaybackFilter,
	type Podcast
} from '#lib/backend.ts';
import { connection } from '#lib/connection.svelte.ts';
import { perListener, scope } from '#lib/listener_scope.svelte.ts';
import { ApiError } from '#lib/api_error.ts';
import { BrewEvents, type Brew, type TabEvent } from './brew_events';
import { deviceEpisodes } from './downloads/device_episodes.svelte';
import { mergeProgress, INITIAL_PROGRESS, isBrewing, type Progress } from './progress';

const PAGE_SIZE = 50;
/** Delay that collects bursts of events into one reload, in milliseconds. */
const REFRESH_DELAY = 150;

class EpisodeStore {
	/** Every loaded episode, by id. */
	readonly byId = new SvelteMap<string, Podcast>();
	/** The progress of each brew, by episode id. */
	readonly progress = new SvelteMap<string, Progress>();
	/** The costs of opened episodes, by episode id. */
	readonly bills = new SvelteMap<string, Bill>();
	/** The newsletters of opened episodes, by episode id. */
	readonly newsletters = new SvelteMap<string, EpisodeNewsletter[]>();
	/** Whether there are older episodes that are not loaded yet. */
	hasMore = $state(false);
	#ids = $state<string[] | null>(null);
	#events: BrewEvents | null = null;
	#stopRecovery = () => {};
	/** Ids of episodes that changed and have to be reloaded. */
	#staleIds = new Set<string>();
	#isListStale = false;
	#refreshTimer: ReturnType<typeof setTimeout> | undefined;

	/** Newest first; null until loaded. */
	readonly list = $derived(this.#ids?.flatMap((id) => this.byId.get(id) ?? []) ?? null);

	/** Ids of ready episodes. When it changes, other newsletters count as new. */
	readonly readyIds = $derived(
		this.list
			?.filter(({ status }) => status === 'ready')
			.map(({ id }) => id)
			.join()
	);

	async load() {
		this.#subscribe();
		const newest = await unwrap(listPodcasts({ query: { limit: PAGE_SIZE } }));
		this.#merge(newest);
	}

	async loadMore() {
		const before = this.#ids?.at(-1);
		const older = await unwrap(listPodcasts({ query: { limit: PAGE_SIZE, before } }));
		this.#ids = [...(this.#ids ?? []), ...older.map(({ id }) => id)];
		this.hasMore = older.length === PAGE_SIZE;
		this.remember(older);
	}

	/** Load older episodes that a filter lets through, into `byId`. */
	async loadFiltered(playback: PlaybackFilter, before?: string) {
		const query = { limit: PAGE_SIZE, before, playback };
		const page = await unwrap(listPodcasts({ query }));
		this.remember(page);
		return { ids: page.map(({ id }) => id), isFull: page.length === PAGE_SIZE };
	}

	/** Reload one episode, with an audio URL that has not expired. */
	async reload(id: string): Promise<Podcast> {
		this.#subscribe();
		const episode = await unwrap(getPodcast({ path: { id } }));
		this.remember([episode]);
		this.bills.set(id, episode.bill);
		this.newsletters.set(id, episode.newsletters);
		return episode;
	}

	/** The same for an episode's page, which shows what is on this device while AudioBrew cannot be reached. */
	async open(id: string): Promise<void> {
		try {
			await this.reload(id);
		} catch (error) {
			const copy = connection.isLost ? await deviceEpisodes.find(id) : null;
			if (!copy) throw error;
			this.remember([copy.episode]);
			this.newsletters.set(id, copy.episode.newsletters);
		}
	}

	/** Order an episode. Sending the same `key` again orders nothing new. Returns the episode's id. */
	async brew(order: BrewRequest, key: string): Promise<string> {
		const headers = { 'idempotency-key': key };
		const { id } = await unwrap(brewPodcast({ body: order, headers }));
		await this.#showChange(id);
		return id;
	}

	async cancel(id: string) {
		await unwrap(cancelPodcast({ path: { id } }));
		await this.#showChange(id);
	}

	/**
	 * Try again. `cap` is the maximum cost in US dollars, null without a limit; undefined keeps the
	 * current one.
	 */
	async retry(id: string, cap?: number | null) {
		if (cap !== undefined) await unwrap(changePodcast({ path: { id }, body: { cap_usd: cap } }));
		await unwrap(retryPodcast({ path: { id } }));
		this.progress.delete(id);
		await this.#showChange(id);
	}

	/** Speak a script that the listener has read. */
	async speak(id: string) {
		await unwrap(speakPodcast({ path: { id } }));
		this.progress.delete(id);
		await this.#showChange(id);
	}

	async rename(id: string, title: string) {
		this.byId.set(id, await unwrap(changePodcast({ path: { id }, body: { title } })));
		this.#events?.announceChange();
	}

	/** The backend has answered how far the listener has heard an episode. */
	setPlayback(id: string, playback: Playback) {
		const episode = this.byId.get(id);
		if (episode) this.byId.set(id, { ...episode, playback });
	}

	async remove(id: string) {
		await unwrap(deletePodcast({ path: { id } }));
		this.#forget(id);
		this.#events?.announceChange();
	}

	/** Stop: another listener signed in. */
	dispose() {
		clearTimeout(this.#refreshTimer);
		this.#stopRecovery();
	}

	/** Show what changed; if the episode cannot be loaded now, load it later. */
	async #showChange(id: string) {
		this.#events?.announceChange();
		try {
			await this.#reloadAndList(id);
		} catch (error) {
			if (!(error instanceof ApiError)) throw error;
			this.#scheduleRefresh(id);
		}
	}

	/** Reload one episode and add it to the list, if the list is loaded. */
	async #reloadAndList(id: string) {
		const episode = await this.reload(id);
		if (this.#ids && !this.#ids.includes(id)) this.#insert(episode);
	}

	/** Insert by date, newest first. */
	#insert({ id, created_at }: Podcast) {
		const order = this.#ids ?? [];
		const index = order.findIndex((other) => (this.byId.get(other)?.created_at ?? '') < created_at);
		this.#ids = order.toSpliced(index < 0 ? order.length : index, 0, id);
	}

	/** Merge the newest page: older loaded episodes stay, deleted ones disappear. */
	#merge(newest: Podcast[]) {
		const ids = new Set(newest.map(({ id }) => id));
		const oldest = newest.at(-1)?.created_at ?? '';
		const isFullPage = newest.length === PAGE_SIZE;
		const older = (this.#ids ?? []).filter(
			(id) => isFullPage && !ids.has(id) && (this.byId.get(id)?.created_at ?? '') < oldest
		);
		if (!older.length) this.hasMore = isFullPage;
		this.remember(newest);
		this.#ids = [...ids, ...older];
	}

	/** Keep episodes that the backend has answered. */
	remember(page: Podcast[]) {
		for (const episode of page) {
			this.byId.set(episode.id, episode);
			if (!isBrewing(episode)) this.progress.delete(episode.id);
		}
	}

	#forget(id: string) {
		void deviceEpisodes.discard(id);
		this.#ids = this.#ids?.filter((other) => other !== id) ?? null;
		this.byId.delete(id);
		this.progress.delete(id);
		this.bills.delete(id);
		this.newsletters.delete(id);
	}

	/** Subscribe to brew events, once. */
	#subscribe() {
		if (this.#events || !scope.id) return;
		this.#stopRecovery = connection.onRecovery(() => this.#scheduleRefresh());
		this.#events = new BrewEvents({
			listener: scope.id,
			signal: scope.signal,
			onEvent: (event) => this.#handleEvent(event),
			poll: () => this.#refreshStale(true)
		});
	}

	#handleEvent(event: TabEvent) {
		if (event.event === 'snapshot') this.#applySnapshot(event.brews);
		else if (event.event === 'progress') this.#advance(event);
		else if (event.event === 'end') this.#scheduleRefresh(event.podcast_id);
		else if (event.event === 'gone') this.#forget(event.podcast_id);
		else this.#scheduleRefresh();
	}

	/** `brews` are all open brews: any other brew has ended. */
	#applySnapshot(brews: Brew[]) {
		const open = new Set(brews.map(({ podcast_id }) => podcast_id));
		brews.forEach((brew) => this.#advance(brew));
		const endedBrews = [...this.byId.values()].filter(
			(episode) => isBrewing(episode) && !open.has(episode.id)
		);
		endedBrews.forEach(({ id }) => this.#scheduleRefresh(id));
		this.#scheduleRefresh();
	}

	#advance({ podcast_id: id, ...state }: Brew) {
		const episode = this.byId.get(id);
		const isUnknown = !episode || !isBrewing(episode);
		if (isUnknown || !state.awaits_review === episode.awaits_review) this.#scheduleRefresh(id);
		this.progress.set(id, mergeProgress(this.progress.get(id) ?? INITIAL_PROGRESS, state));
	}

	/** Reload the list soon, and this episode if the list does not contain it. */
	#scheduleRefresh(id?: string) {
		if (id) this.#staleIds.add(id);
		this.#isListStale = true;
		this.#refreshTimer ??= setTimeout(() => {
			this.#refreshTimer = undefined;
			void this.#refreshStale().catch(() => {}); // the connection banner reports failures, and recovery retries
		}, REFRESH_DELAY);
	}

	async #refreshStale(poll = false) {
		const ids = [...this.#staleIds];
		const includesList = this.#isListStale && this.#ids !== null;
		this.#staleIds.clear();
		this.#isListStale = false;
		try {
			if (includesList || (poll && this.#ids)) await this.load();
			const { signal } = scope;
			const open = poll ? [...this.byId.values()].filter(isBrewing).map(({ id }) => id) : [];
			for (const id of new Set([...ids, ...open])) {
				if (signal.aborted) return;
				if (this.#needsReload(id)) await this.#reloadOrForget(id);
			}
		} catch (error) {
			ids.forEach((id) => this.#staleIds.add(id));
			this.#isListStale = true;
			throw error;
		}
	}

	/** Whether the episode needs a request of its own after the list was reloaded. */
	#needsReload(id: string): boolean {
		return !this.#ids?.includes(id) || this.bills.has(id);
	}

	async #reloadOrForget(id: string) {
		try {
			await this.#reloadAndList(id);
		} catch (error) {
			if (!(error instanceof ApiError && error.status === 404)) throw error;
			this.#forget(id);
		}
	}
}

export const episodes = perListener(() => new EpisodeStore());

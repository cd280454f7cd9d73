/** The listener's library: the filter of the list, and the episodes that are selected. */

import { SvelteSet } from 'svelte/reactivity';
import type { Podcast } from '#lib/api/index.ts';
import { formatLength } from '#lib/format.ts';
import { perListener } from '#lib/listener_scope.svelte.ts';
import { episodes } from './episodes.svelte';
import { playbackState, type Filter } from './library';
import { playbackPositions } from './player/playback_positions.svelte';
import { player } from './player/player.svelte';
import { isBrewing } from './progress';

class Library {
	filter = $state<Filter>('all');
	/** Whether the list shows boxes to select episodes. */
	isSelecting = $state(false);
	readonly selected = new SvelteSet<string>();
	/** Whether the backend has more episodes that the filter lets through. */
	#hasMoreFiltered = $state(false);
	#cursor: string | undefined;

	/** The episodes of the filter, newest first; null until loaded. */
	readonly list = $derived.by(() => {
		const { filter } = this;
		if (filter === 'all' || !episodes.list) return episodes.list;
		return [...episodes.byId.values()]
			.filter((one) => !isBrewing(one) && playbackState(playbackPositions.of(one)) === filter)
			.sort((one, other) => other.created_at.localeCompare(one.created_at));
	});

	readonly selection = $derived(this.list?.filter(({ id }) => this.selected.has(id)) ?? []);

	get hasMore(): boolean {
		return this.filter === 'all' ? episodes.hasMore : episodes.hasMore && this.#hasMoreFiltered;
	}

	/** Show only some of the episodes. Older ones that are not loaded yet are loaded. */
	async setFilter(filter: Filter) {
		this.filter = filter;
		this.#cursor = undefined;
		this.#hasMoreFiltered = false;
		if (filter !== 'all' && episodes.hasMore) await this.#loadPage(filter);
	}

	async loadMore() {
		if (this.filter === 'all') await episodes.loadMore();
		else await this.#loadPage(this.filter);
	}

	async #loadPage(filter: Exclude<Filter, 'all'>) {
		const page = await episodes.loadFiltered(filter, this.#cursor);
		if (this.filter !== filter) return;
		this.#cursor = page.ids.at(-1) ?? this.#cursor;
		this.#hasMoreFiltered = page.isFull;
	}

	toggle(id: string) {
		if (!this.selected.delete(id)) this.selected.add(id);
	}

	endSelection() {
		this.isSelecting = false;
		this.selected.clear();
	}

	/** `12 min left`, `Played`, or null if the episode has not been started. */
	remainingLabel(episode: Podcast): string | null {
		const { seconds, finished } = playbackPositions.of(episode);
		const isLoaded = player.episode?.id === episode.id;
		if (finished && (!isLoaded || player.paused)) return 'Played';
		const at = isLoaded ? player.time : seconds;
		const remaining = (episode.seconds ?? 0) - at;
		return at > 15 && remaining > 1 ? `${formatLength(remaining)} left` : null;
	}

	/** Whether the episode was begun, finished, or neither. */
	stateOf(episode: Podcast) {
		return playbackState(playbackPositions.of(episode));
	}
}

export const library = perListener(() => new Library());

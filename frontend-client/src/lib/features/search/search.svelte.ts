/** What the listener searches, and what was found. It stays while the app is open. */

import { unwrap, searchNewsletters, searchStories } from '#lib/backend.ts';
import { perListener } from '#lib/listener_scope.svelte.ts';
import type { Results } from './summary';

/** Delay that collects key presses into one request, in milliseconds. */
const DELAY = 180;
const PAGE_SIZE = 20;
/** Newsletters come below the stories, so the first page of them is short. */
const FIRST_NEWSLETTERS = 5;

export class Search {
	text = $state('');
	/** Of `results.text`, while those of `text` are loading; null if there are none to show. */
	results = $state.raw<Results | null>(null);
	isLoading = $state(false);
	failure = $state.raw<unknown>(null);
	#request = new AbortController();
	#timer: ReturnType<typeof setTimeout> | undefined;

	/** Search for `text` soon. Later calls replace earlier ones, whose answers are not shown. */
	type(text: string) {
		const words = text.trim();
		const isSame = words === this.text.trim();
		this.text = text;
		if (isSame && !this.failure) return;
		this.#stop();
		if (!words) {
			this.results = null;
			return;
		}
		this.isLoading = true;
		this.#timer = setTimeout(() => void this.load(), DELAY);
	}

	/** Search for the present text now. */
	async load() {
		this.#stop();
		const text = this.text.trim();
		if (!text) return;
		const { signal } = this.#request;
		this.isLoading = true;
		try {
			const [stories, newsletters] = await Promise.all([
				unwrap(searchStories({ query: { q: text, limit: PAGE_SIZE }, signal })),
				unwrap(searchNewsletters({ query: { q: text, limit: FIRST_NEWSLETTERS }, signal }))
			]);
			if (signal.aborted) return;
			this.results = {
				text,
				stories,
				newsletters,
				hasMoreStories: stories.length === PAGE_SIZE,
				hasMoreNewsletters: newsletters.length === FIRST_NEWSLETTERS
			};
		} catch (error) {
			if (signal.aborted) return;
			this.failure = error;
			this.results = null;
		}
		this.isLoading = false;
	}

	async loadMoreStories() {
		const current = this.results;
		if (!current) return;
		const before = current.stories.at(-1)?.id;
		const query = { q: current.text, limit: PAGE_SIZE, before };
		const page = await unwrap(searchStories({ query }));
		if (this.results !== current) return;
		const stories = [...current.stories, ...page];
		this.results = { ...current, stories, hasMoreStories: page.length === PAGE_SIZE };
	}

	async loadMoreNewsletters() {
		const current = this.results;
		if (!current) return;
		const before = current.newsletters.at(-1)?.id;
		const query = { q: current.text, limit: PAGE_SIZE, before };
		const page = await unwrap(searchNewsletters({ query }));
		if (this.results !== current) return;
		const newsletters = [...current.newsletters, ...page];
		this.results = { ...current, newsletters, hasMoreNewsletters: page.length === PAGE_SIZE };
	}

	/** Stop: another listener signed in. */
	dispose() {
		this.#stop();
	}

	#stop() {
		clearTimeout(this.#timer);
		this.#request.abort();
		this.#request = new AbortController();
		this.failure = null;
		this.isLoading = false;
	}
}

export const search = perListener(() => new Search());

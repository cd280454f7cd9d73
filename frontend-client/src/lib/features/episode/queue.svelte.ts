/** The episodes that come up next, the same on every device. */

import { getQueue, setQueue, unwrap, type Podcast } from '#lib/backend.ts';
import { perListener } from '#lib/listener_scope.svelte.ts';
import { episodes } from './episodes.svelte';

class Queue {
	#ids = $state.raw<string[]>([]);
	readonly list = $derived(this.#ids.flatMap((id) => episodes.byId.get(id) ?? []));

	async load() {
		this.#show(await unwrap(getQueue()));
	}

	has(id: string): boolean {
		return this.#ids.includes(id);
	}

	/** Add episodes to the end, or to the beginning. */
	async add(ids: string[], isFirst = false) {
		await this.load(); // another device may have changed it
		const others = this.#ids.filter((id) => !ids.includes(id));
		await this.#save(isFirst ? [...ids, ...others] : [...others, ...ids]);
	}

	async remove(id: string) {
		await this.load();
		await this.#save(this.#ids.filter((other) => other !== id));
	}

	/** Move an episode one place up or down. */
	async move(id: string, by: 1 | -1) {
		await this.load();
		const index = this.#ids.indexOf(id);
		if (index < 0) return; // another device has removed it
		const rest = this.#ids.toSpliced(index, 1);
		await this.#save(rest.toSpliced(Math.max(0, index + by), 0, id));
	}

	/** Remove the first episode that can be played, and return it; null if there is none. */
	async takeNext(current: string): Promise<Podcast | null> {
		await this.load();
		const next = this.list.find(({ id, status }) => id !== current && status === 'ready');
		if (!next) return null;
		await this.#save(this.#ids.filter((id) => id !== next.id && id !== current));
		return next;
	}

	async #save(ids: string[]) {
		this.#show(await unwrap(setQueue({ body: { episode_ids: ids } })));
	}

	#show(list: Podcast[]) {
		episodes.remember(list);
		this.#ids = list.map(({ id }) => id);
	}
}

export const queue = perListener(() => new Queue());

/** What the order would take: asked again whenever it changes, and the newest answer alone counts. */

import { perListener } from '$lib/listener_scope.svelte';
import { answer, quotePodcast, type BrewQuote, type BrewRequest } from '$lib/backend';
import { told, Trouble } from '$lib/api_error';

const PAUSE = 400;

class Quote {
	now = $state<BrewQuote | null>(null);
	trouble = $state('');
	/** Whether nothing is left to brew: every newsletter of the order was told already. */
	nothing = $state(false);
	#asked = 0;
	#timer: ReturnType<typeof setTimeout> | undefined;

	/** Ask soon, unless the order changes again before. */
	ask(order: BrewRequest) {
		clearTimeout(this.#timer);
		const number = ++this.#asked;
		this.#timer = setTimeout(() => void this.#look(order, number), PAUSE);
	}

	leave() {
		clearTimeout(this.#timer);
	}

	/** There is nothing to order. */
	forget() {
		clearTimeout(this.#timer);
		this.#asked++;
		this.now = null;
		this.trouble = '';
		this.nothing = false;
	}

	async #look(order: BrewRequest, number: number) {
		let found: BrewQuote | null = null;
		let trouble = '';
		let nothing = false;
		try {
			found = await answer(quotePodcast({ body: order }));
		} catch (thrown) {
			trouble = told(thrown);
			nothing = thrown instanceof Trouble && thrown.type === '/problems/nothing-to-brew';
		}
		if (number !== this.#asked) return;
		this.now = found;
		this.trouble = trouble;
		this.nothing = nothing;
	}
}

export const quote = perListener(() => new Quote());

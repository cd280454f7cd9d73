/** What the order would take: asked again whenever it changes, and the newest answer alone counts. */

import { answer, quotePodcast, type BrewQuote, type BrewRequest } from '$lib/backend';
import { told } from '$lib/trouble';

const PAUSE = 400;

class Quote {
	now = $state<BrewQuote | null>(null);
	trouble = $state('');
	#asked = 0;
	#timer: ReturnType<typeof setTimeout> | undefined;

	/** Ask soon, unless the order changes again before. */
	ask(order: BrewRequest) {
		clearTimeout(this.#timer);
		const number = ++this.#asked;
		this.#timer = setTimeout(() => void this.#look(order, number), PAUSE);
	}

	/** There is nothing to order. */
	forget() {
		clearTimeout(this.#timer);
		this.#asked++;
		this.now = null;
		this.trouble = '';
	}

	async #look(order: BrewRequest, number: number) {
		let found: BrewQuote | null = null;
		let trouble = '';
		try {
			found = await answer(quotePodcast({ body: order }));
		} catch (thrown) {
			trouble = told(thrown);
		}
		if (number !== this.#asked) return;
		this.now = found;
		this.trouble = trouble;
	}
}

export const quote = new Quote();

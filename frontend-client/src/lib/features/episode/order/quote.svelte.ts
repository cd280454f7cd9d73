/** What the current order would cost. Requested again on each change; only the newest response counts. */

import { perListener } from '#lib/listener_scope.svelte.ts';
import { unwrap, quotePodcast, type BrewQuote, type BrewRequest } from '#lib/backend.ts';
import { ApiError, errorMessage } from '#lib/api_error.ts';

const DEBOUNCE_MS = 400;

class Quote {
	result = $state<BrewQuote | null>(null);
	error = $state('');
	/** Whether every newsletter of the order is in an episode already. */
	nothingToBrew = $state(false);
	#requestNumber = 0;
	#timer: ReturnType<typeof setTimeout> | undefined;

	/** Request a quote, unless the order changes again within `DEBOUNCE_MS`. */
	request(order: BrewRequest) {
		clearTimeout(this.#timer);
		const number = ++this.#requestNumber;
		this.#timer = setTimeout(() => void this.#load(order, number), DEBOUNCE_MS);
	}

	dispose() {
		clearTimeout(this.#timer);
	}

	/** Remove the quote: there is nothing to order. */
	clear() {
		clearTimeout(this.#timer);
		this.#requestNumber++;
		this.result = null;
		this.error = '';
		this.nothingToBrew = false;
	}

	async #load(order: BrewRequest, number: number) {
		let result: BrewQuote | null = null;
		let message = '';
		let nothingToBrew = false;
		try {
			result = await unwrap(quotePodcast({ body: order }));
		} catch (error) {
			message = errorMessage(error);
			nothingToBrew = error instanceof ApiError && error.type === '/problems/nothing-to-brew';
		}
		if (number !== this.#requestNumber) return;
		this.result = result;
		this.error = message;
		this.nothingToBrew = nothingToBrew;
	}
}

export const quote = perListener(() => new Quote());

/** Orders that were sent and whose answer is not known yet: they outlive the page, one key in storage each. */

import type { BrewRequest } from '$lib/api';
import { storage } from '$lib/storage';

const PREFIX = 'audiobrew.order.';
/** An order that nobody came back to for so long is not what the listener wants now (milliseconds). */
const KEPT_FOR = 86_400_000;

/** `key` names the order to the backend; `isUnanswered` once an attempt came to nothing. */
export type PendingOrder = {
	key: string;
	body: BrewRequest;
	sentAt: number;
	isUnanswered: boolean;
};

function isPending(value: unknown): value is PendingOrder {
	const order = value as PendingOrder | null;
	return (
		typeof order === 'object' &&
		typeof order?.key === 'string' &&
		typeof order.body === 'object' &&
		order.body !== null &&
		Number.isFinite(order.sentAt)
	);
}

export class PendingOrders {
	#prefix: string;
	/** For a browser that keeps nothing: at least for this visit. */
	#here = new Map<string, PendingOrder>();

	constructor(listener: string) {
		this.#prefix = `${PREFIX}${listener}.`;
	}

	keep(order: PendingOrder) {
		this.#here.set(order.key, order);
		storage.writeJson(this.#prefix + order.key, order);
	}

	remove(key: string) {
		this.#here.delete(key);
		storage.remove(this.#prefix + key);
	}

	/** Oldest first. What is no order, or too old, is removed. */
	all(): PendingOrder[] {
		const found = new Map(this.#here);
		for (const name of storage.keys(this.#prefix)) {
			const order = storage.readJson(name, isPending);
			if (order && Date.now() - order.sentAt < KEPT_FOR) found.set(order.key, order);
			else storage.remove(name);
		}
		return [...found.values()].sort((one, other) => one.sentAt - other.sentAt);
	}
}

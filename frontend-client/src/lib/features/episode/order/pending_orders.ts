/** Orders that were sent and whose answer is not known yet: they outlive the page, one key in storage each. */

import type { BrewRequest } from '$lib/api';
import { storage } from '$lib/storage';

const PREFIX = 'audiobrew.order.';
/** After so long an order is not sent again: the listener may not want it any more (milliseconds). */
const EXPIRES_AFTER = 86_400_000;

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

const isExpired = ({ sentAt }: PendingOrder) => Date.now() - sentAt >= EXPIRES_AFTER;

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

	/** Those that have not expired, oldest first. */
	all(): PendingOrder[] {
		return this.#read().filter((order) => !isExpired(order));
	}

	/** Remove those that have expired, and return them, oldest first. */
	removeExpired(): PendingOrder[] {
		const expired = this.#read().filter(isExpired);
		expired.forEach(({ key }) => this.remove(key));
		return expired;
	}

	/** All of them, oldest first. Whatever else is in their place in storage is removed. */
	#read(): PendingOrder[] {
		const orders = new Map(this.#here);
		for (const name of storage.keys(this.#prefix)) {
			const order = storage.readJson(name, isPending);
			if (order) orders.set(order.key, order);
			else storage.remove(name);
		}
		return [...orders.values()].sort((one, other) => one.sentAt - other.sentAt);
	}
}

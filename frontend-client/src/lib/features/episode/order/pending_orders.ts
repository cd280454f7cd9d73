/** Orders whose outcome is unknown. Each has its own key in storage and survives a reload. */

import type { BrewRequest } from '#lib/api/index.ts';
import { storage } from '#lib/storage.ts';

const PREFIX = 'audiobrew.order.';
/**
 * Orders older than this are not sent again, because the listener may no longer want them. In
 * milliseconds.
 */
const EXPIRES_AFTER = 86_400_000;

/** `key` is the idempotency key; `isUnanswered` is true after an attempt without a response. */
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
	/** Fallback for browsers without storage. */
	#memory = new Map<string, PendingOrder>();

	constructor(listener: string) {
		this.#prefix = `${PREFIX}${listener}.`;
	}

	save(order: PendingOrder) {
		this.#memory.set(order.key, order);
		storage.writeJson(this.#prefix + order.key, order);
	}

	remove(key: string) {
		this.#memory.delete(key);
		storage.remove(this.#prefix + key);
	}

	/** Orders that have not expired, oldest first. */
	all(): PendingOrder[] {
		return this.#read().filter((order) => !isExpired(order));
	}

	/** Remove and return expired orders, oldest first. */
	removeExpired(): PendingOrder[] {
		const expired = this.#read().filter(isExpired);
		expired.forEach(({ key }) => this.remove(key));
		return expired;
	}

	/** All orders, oldest first. Invalid entries are removed from storage. */
	#read(): PendingOrder[] {
		const orders = new Map(this.#memory);
		for (const name of storage.keys(this.#prefix)) {
			const order = storage.readJson(name, isPending);
			if (order) orders.set(order.key, order);
			else storage.remove(name);
		}
		return [...orders.values()].sort((a, b) => a.sentAt - b.sentAt);
	}
}

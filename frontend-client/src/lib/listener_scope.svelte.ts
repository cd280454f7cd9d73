/**
 * The lifetime of one listener's stores and requests.
 *
 * A store made by `perListener` is replaced by an empty one when another listener signs in. Unfinished
 * work of the old store changes an object that nobody uses, and its requests are aborted.
 */

import { untrack } from 'svelte';

type Disposable = { dispose?: () => void };

/** A store and its factory. */
class Slot {
	current: object = $state.raw({});
	#create: () => object;
	#methods = new Map<PropertyKey, unknown>();

	constructor(create: () => object) {
		this.#create = create;
		this.current = create();
	}

	renew() {
		const previous = untrack(() => this.current) as Disposable;
		this.#methods.clear();
		this.current = untrack(this.#create);
		previous.dispose?.();
	}

	/** Methods stay bound to the store they were read from. */
	read(name: PropertyKey): unknown {
		const store = this.current;
		const value: unknown = Reflect.get(store, name, store);
		if (typeof value !== 'function') return value;
		if (!this.#methods.has(name)) this.#methods.set(name, value.bind(store));
		return this.#methods.get(name);
	}
}

class ListenerScope {
	/** The listener's id; null while nobody is signed in. */
	id = $state.raw<string | null>(null);
	/** Changes with each listener. Pages are keyed on it. */
	epoch = $state.raw(0);
	readonly slots = new Set<Slot>();
	#control = new AbortController();
	#watchers = new Set<() => void>();

	/** Aborted when another listener signs in. */
	get signal(): AbortSignal {
		return this.#control.signal;
	}

	/** Set the listener. All stores of the previous one are replaced when this returns. */
	setListener(id: string | null) {
		if (id === untrack(() => this.id)) return;
		this.#control.abort(new ListenerChanged());
		this.#control = new AbortController();
		this.id = id;
		this.epoch = untrack(() => this.epoch) + 1;
		for (const slot of this.slots) slot.renew();
		for (const watcher of this.#watchers) watcher();
	}

	/** Call `watcher` after each change of the listener. */
	onChange(watcher: () => void): void {
		this.#watchers.add(watcher);
	}
}

/** The request belonged to a listener who has signed out. It is not shown to anybody. */
export class ListenerChanged extends Error {}

export const scope = new ListenerScope();

/**
 * Create a store that is replaced when the listener changes. Every store with a listener's data is
 * made by this.
 */
export function perListener<T extends object>(create: () => T): T {
	const slot = new Slot(create);
	scope.slots.add(slot);
	return new Proxy({} as T, {
		get: (_, name) => slot.read(name),
		set: (_, name, value) => Reflect.set(slot.current, name, value, slot.current),
		has: (_, name) => Reflect.has(slot.current, name)
	});
}

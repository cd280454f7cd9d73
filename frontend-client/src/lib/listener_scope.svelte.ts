/**
 * What lasts as long as one listener: every store, every request.
 *
 * A store made by `perListener` begins anew whenever another listener listens. What the store before was
 * still doing ends in an object that nobody looks at, and the requests it sent are aborted.
 */

import { untrack } from 'svelte';

type Disposable = { dispose?: () => void };

/** A store, and how to make an empty one. */
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

	/** Methods stay with the store they were taken from, for as long as they run. */
	read(name: PropertyKey): unknown {
		const store = this.current;
		const value: unknown = Reflect.get(store, name, store);
		if (typeof value !== 'function') return value;
		if (!this.#methods.has(name)) this.#methods.set(name, value.bind(store));
		return this.#methods.get(name);
	}
}

class ListenerScope {
	/** Who listens; null while nobody is signed in. */
	id = $state.raw<string | null>(null);
	/** Another number for each listener: what is drawn is keyed on it. */
	epoch = $state.raw(0);
	readonly slots = new Set<Slot>();
	#control = new AbortController();
	#watchers = new Set<() => void>();

	/** Aborted as soon as somebody else listens. */
	get signal(): AbortSignal {
		return this.#control.signal;
	}

	/** From now on this is who listens. What belongs to the one before is gone when this returns. */
	setListener(id: string | null) {
		if (id === untrack(() => this.id)) return;
		this.#control.abort(new ListenerChanged());
		this.#control = new AbortController();
		this.id = id;
		this.epoch = untrack(() => this.epoch) + 1;
		for (const slot of this.slots) slot.renew();
		for (const watcher of this.#watchers) watcher();
	}

	/** Call this after each change of the listener. */
	onChange(watcher: () => void): void {
		this.#watchers.add(watcher);
	}
}

/** A request that belonged to a listener who is no longer here. Nobody is told of it. */
export class ListenerChanged extends Error {}

export const scope = new ListenerScope();

/** A store of the listener's own. Every store that holds anything of theirs is made by this. */
export function perListener<T extends object>(create: () => T): T {
	const slot = new Slot(create);
	scope.slots.add(slot);
	return new Proxy({} as T, {
		get: (_, name) => slot.read(name),
		set: (_, name, value) => Reflect.set(slot.current, name, value, slot.current),
		has: (_, name) => Reflect.has(slot.current, name)
	});
}

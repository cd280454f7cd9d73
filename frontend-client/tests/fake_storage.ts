/** Replaces a browser's storage in Node, working or broken. */

type Way = 'whole' | 'blocked' | 'throwing' | 'full';

/** Install the storage. Returns its content. */
export function installStorage(way: Way = 'whole', held: Record<string, string> = {}) {
	const kept = new Map(Object.entries(held));
	const fail = () => {
		throw new DOMException('no', 'SecurityError');
	};
	const broken = way === 'throwing' ? fail : null;
	const local = {
		get length() {
			return broken ? broken() : kept.size;
		},
		key: broken ?? ((index: number) => [...kept.keys()][index] ?? null),
		getItem: broken ?? ((key: string) => kept.get(key) ?? null),
		setItem:
			broken ?? (way === 'full' ? fail : (key: string, value: string) => kept.set(key, value)),
		removeItem: broken ?? ((key: string) => kept.delete(key))
	};
	for (const name of ['localStorage', 'sessionStorage']) {
		Object.defineProperty(globalThis, name, {
			configurable: true,
			get: way === 'blocked' ? fail : () => local
		});
	}
	return kept;
}

/** Replaces a browser's storage in Node, working or broken. */

type Behavior = 'whole' | 'blocked' | 'throwing' | 'full';

/** Install the storage. Returns its content. */
export function installStorage(behavior: Behavior = 'whole', initial: Record<string, string> = {}) {
	const content = new Map(Object.entries(initial));
	const fail = () => {
		throw new DOMException('no', 'SecurityError');
	};
	const broken = behavior === 'throwing' ? fail : null;
	const local = {
		get length() {
			return broken ? broken() : content.size;
		},
		key: broken ?? ((index: number) => [...content.keys()][index] ?? null),
		getItem: broken ?? ((key: string) => content.get(key) ?? null),
		setItem:
			broken ??
			(behavior === 'full' ? fail : (key: string, value: string) => content.set(key, value)),
		removeItem: broken ?? ((key: string) => content.delete(key))
	};
	for (const name of ['localStorage', 'sessionStorage']) {
		Object.defineProperty(globalThis, name, {
			configurable: true,
			get: behavior === 'blocked' ? fail : () => local
		});
	}
	return content;
}

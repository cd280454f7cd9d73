/** Browser storage. Blocked, full or invalid storage behaves like empty storage. */

class BrowserStorage {
	#name: 'localStorage' | 'sessionStorage';

	constructor(name: 'localStorage' | 'sessionStorage') {
		this.#name = name;
	}

	get #area(): Storage | null {
		try {
			return globalThis[this.#name] ?? null; // the getter throws where storage is blocked
		} catch {
			return null;
		}
	}

	read(key: string): string | null {
		try {
			return this.#area?.getItem(key) ?? null;
		} catch {
			return null;
		}
	}

	/** Returns whether the value was stored. */
	write(key: string, value: string): boolean {
		try {
			const area = this.#area;
			area?.setItem(key, value);
			return area !== null;
		} catch {
			return false; // full or blocked
		}
	}

	remove(key: string): void {
		try {
			this.#area?.removeItem(key);
		} catch {
			// There is nothing to remove.
		}
	}

	/** The parsed value of a key, or null if it is not valid JSON of the expected shape. */
	readJson<T>(key: string, isValid: (value: unknown) => value is T): T | null {
		try {
			const value: unknown = JSON.parse(this.read(key) ?? 'null');
			return isValid(value) ? value : null;
		} catch {
			return null;
		}
	}

	writeJson(key: string, value: unknown): boolean {
		return this.write(key, JSON.stringify(value));
	}

	/** Every key with this prefix. */
	keys(prefix: string): string[] {
		try {
			const area = this.#area;
			if (!area) return [];
			const keys = Array.from({ length: area.length }, (_, index) => area.key(index) ?? '');
			return keys.filter((name) => name.startsWith(prefix));
		} catch {
			return [];
		}
	}
}

/** Shared by all tabs and kept between visits. */
export const storage = new BrowserStorage('localStorage');
/** For one tab, while it is open. */
export const tabStorage = new BrowserStorage('sessionStorage');

/** What this browser keeps. One that keeps nothing, or something broken, is as one that is empty. */

class BrowserStorage {
	#name: 'localStorage' | 'sessionStorage';

	constructor(name: 'localStorage' | 'sessionStorage') {
		this.#name = name;
	}

	get #area(): Storage | null {
		try {
			return globalThis[this.#name] ?? null; // its getter throws where storage is blocked
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

	/** Whether it is kept from now on. */
	write(key: string, value: string): boolean {
		try {
			const kept = this.#area;
			kept?.setItem(key, value);
			return kept !== null;
		} catch {
			return false; // full, or blocked
		}
	}

	remove(key: string): void {
		try {
			this.#area?.removeItem(key);
		} catch {
			// There is nothing to remove.
		}
	}

	/** The value under a key if it is JSON of the shape that `isValid` looks for, else null. */
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

	/** Every key that begins like this. */
	keys(prefix: string): string[] {
		try {
			const kept = this.#area;
			if (!kept) return [];
			const names = Array.from({ length: kept.length }, (_, index) => kept.key(index) ?? '');
			return names.filter((name) => name.startsWith(prefix));
		} catch {
			return [];
		}
	}
}

/** Shared by all tabs, from visit to visit. */
export const storage = new BrowserStorage('localStorage');
/** Of one tab, for as long as it is open. */
export const tabStorage = new BrowserStorage('sessionStorage');

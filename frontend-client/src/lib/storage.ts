/** What this browser keeps. One that keeps nothing, or something broken, is as one that is empty. */

function area(): Storage | null {
	try {
		return globalThis.localStorage ?? null; // its getter throws where storage is blocked
	} catch {
		return null;
	}
}

export const storage = {
	read(key: string): string | null {
		try {
			return area()?.getItem(key) ?? null;
		} catch {
			return null;
		}
	},

	/** Whether it is kept from now on. */
	write(key: string, value: string): boolean {
		try {
			const kept = area();
			kept?.setItem(key, value);
			return kept !== null;
		} catch {
			return false; // full, or blocked
		}
	},

	remove(key: string): void {
		try {
			area()?.removeItem(key);
		} catch {
			// There is nothing to remove.
		}
	},

	/** The value under a key if it is JSON of the shape that `isValid` looks for, else null. */
	readJson<T>(key: string, isValid: (value: unknown) => value is T): T | null {
		try {
			const value: unknown = JSON.parse(storage.read(key) ?? 'null');
			return isValid(value) ? value : null;
		} catch {
			return null;
		}
	},

	writeJson(key: string, value: unknown): boolean {
		return storage.write(key, JSON.stringify(value));
	},

	/** Every key that begins like this. */
	keys(prefix: string): string[] {
		try {
			const kept = area();
			if (!kept) return [];
			const names = Array.from({ length: kept.length }, (_, index) => kept.key(index) ?? '');
			return names.filter((name) => name.startsWith(prefix));
		} catch {
			return [];
		}
	}
};

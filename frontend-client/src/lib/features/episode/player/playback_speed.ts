/** The listener's playback speed: a preference, stored in this browser, too. */

import { changeUser, getUser, unwrap } from '#lib/backend.ts';
import { scope } from '#lib/listener_scope.svelte.ts';
import { storage } from '#lib/storage.ts';

export const SPEEDS = [0.8, 1, 1.2, 1.5, 1.75, 2];

const NORMAL = 1;
/** The key of older versions, for all listeners of this browser. */
const SHARED_KEY = 'audiobrew.speed';
const key = () => (scope.id ? `${SHARED_KEY}.${scope.id}` : SHARED_KEY);
/** While the preference was not saved yet. */
const unsavedKey = () => `${key()}.unsaved`;

function read(name: string): number | null {
	const stored = Number(storage.read(name));
	return SPEEDS.includes(stored) ? stored : null;
}

export const playbackSpeed = {
	read(): number {
		return read(key()) ?? read(SHARED_KEY) ?? NORMAL;
	},

	/** Store it here, and as the listener's preference for all devices. */
	async save(value: number) {
		storage.write(key(), String(value));
		storage.write(unsavedKey(), 'yes');
		await savePreference(value);
	},

	/** The preference, unless the last choice in this browser was not saved yet. Null if it is not known. */
	async load(): Promise<number | null> {
		const { id } = scope;
		if (!id) return null;
		if (storage.read(unsavedKey())) {
			await savePreference(this.read());
			return null;
		}
		const { preferences } = await unwrap(getUser({ path: { user_id: id } }));
		const speed = preferences.speed ?? NORMAL;
		if (!SPEEDS.includes(speed)) return null;
		// Nobody has chosen one since older versions stored it here.
		if (speed === NORMAL && read(key()) === null) return null;
		storage.write(key(), String(speed));
		return speed;
	}
};

/** The speed may be changed again while this one is saved; the last one counts. */
async function savePreference(speed: number) {
	const { id } = scope;
	if (!id) return;
	await unwrap(changeUser({ path: { user_id: id }, body: { preferences: { speed } } }));
	if (read(key()) === speed) storage.remove(unsavedKey());
}

/**
 * Where episodes are stored on this device: one cache for each listener, which is deleted when they sign
 * out or somebody else signs in. The service worker answers its addresses (src/service-worker/).
 */

export const DEVICE_CACHE_PREFIX = 'audiobrew-device-';
export const DEVICE_PATH = '/device/';

export const deviceCacheName = (listener: string) => DEVICE_CACHE_PREFIX + listener;
export const audioPath = (listener: string, id: string) => `${DEVICE_PATH}${listener}/${id}.mp3`;
export const episodePath = (listener: string, id: string) => `${DEVICE_PATH}${listener}/${id}.json`;
/** The configuration, with which the app starts without a network. */
export const configPath = (listener: string) => `${DEVICE_PATH}${listener}.json`;

/** Whether anything is stored for a listener. */
export async function hasDeviceCaches(): Promise<boolean> {
	const names = (await globalThis.caches?.keys().catch(() => [])) ?? [];
	return names.some((name) => name.startsWith(DEVICE_CACHE_PREFIX));
}

/** Delete what this device stores for listeners, except this one. Blocked storage has nothing to delete. */
export async function deleteDeviceCaches(except: string | null = null): Promise<void> {
	try {
		for (const name of (await globalThis.caches?.keys()) ?? [])
			if (name.startsWith(DEVICE_CACHE_PREFIX) && (!except || name !== deviceCacheName(except)))
				await caches.delete(name);
	} catch {
		// Storage is blocked.
	}
}

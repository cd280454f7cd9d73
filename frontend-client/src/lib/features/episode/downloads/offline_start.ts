/** Starts the app without a network, for a listener who has episodes on this device. */

import { refreshAll } from '$app/navigation';
import { findSession, type AppConfig } from '#lib/backend.ts';
import { connection } from '#lib/connection.svelte.ts';
import { configPath, deviceCacheName } from '#lib/pwa/device_caches.ts';
import { supabase } from '#lib/features/account/supabase.svelte.ts';
import { session } from '#lib/session.svelte.ts';
import { downloads } from './downloads.svelte';

let isWaiting = false;

/** The configuration of the last visit; null if nobody has episodes here. Everything is loaded anew later. */
export async function startOffline(): Promise<AppConfig | null> {
	const listener = session.lastListener;
	if (!listener || !globalThis.caches || !(await caches.has(deviceCacheName(listener))))
		return null;
	const stored = await caches.match(configPath(listener));
	if (!stored) return null;
	const config = (await stored.json()) as AppConfig;
	const find = config.auth === 'supabase' ? () => supabase.connect(config) : findSession;
	session.setFinder(() => find().catch(() => {})); // tried again later
	session.assume({ id: listener, address: null });
	await downloads.load();
	if (!isWaiting) {
		isWaiting = true;
		const stop = connection.onRecovery(() => {
			stop();
			isWaiting = false;
			void refreshAll().catch(() => {}); // it starts offline again
		});
	}
	return config;
}

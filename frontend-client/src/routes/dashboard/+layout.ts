import { error } from '@sveltejs/kit';
import { anonymous, getConfig, unwrapAnonymous } from '#lib/backend.ts';
import { connection } from '#lib/connection.svelte.ts';
import { supabase } from '#lib/features/account/supabase.svelte.ts';
import { loadLateParts } from '#lib/features/episode/downloads/device_episodes.svelte.ts';
import { finishErrand } from '#lib/features/home/provider.ts';
import { hasDeviceCaches } from '#lib/pwa/device_caches.ts';
import { resumeSession } from '#lib/sign_in.ts';
import { ApiError, errorMessage } from '#lib/api_error.ts';

/** How long a device that can start without a network waits for AudioBrew, in milliseconds. */
const PATIENCE = 5_000;

/** Load the configuration and restore the session before any page. */
export async function load() {
	const canStartOffline = await hasDeviceCaches();
	try {
		const signal = canStartOffline ? AbortSignal.timeout(PATIENCE) : undefined;
		const config = await unwrapAnonymous(getConfig({ ...anonymous, signal }));
		if (config.auth === 'supabase') await supabase.connect(config);
		else {
			await resumeSession();
			await finishErrand();
		}
		return { config };
	} catch (cause) {
		if (!(cause instanceof ApiError && cause.status)) connection.reportFailure();
		if (canStartOffline) {
			const { startOffline } = await loadLateParts();
			const config = await startOffline();
			if (config) return { config };
		}
		error(503, errorMessage(cause));
	}
}

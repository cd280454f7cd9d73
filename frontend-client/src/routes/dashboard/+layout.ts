import { error } from '@sveltejs/kit';
import { anonymous, getConfig, unwrapAnonymous } from '#lib/backend.ts';
import { supabase } from '#lib/features/account/supabase.svelte.ts';
import { finishErrand } from '#lib/features/home/provider.ts';
import { resumeSession } from '#lib/sign_in.ts';
import { errorMessage } from '#lib/api_error.ts';

/** Load the configuration and restore the session before any page. */
export async function load() {
	try {
		const config = await unwrapAnonymous(getConfig(anonymous));
		if (config.auth === 'supabase') await supabase.connect(config);
		else {
			await resumeSession();
			await finishErrand();
		}
		return { config };
	} catch (cause) {
		error(503, errorMessage(cause));
	}
}

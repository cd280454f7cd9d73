import { error } from '@sveltejs/kit';
import { anonymous, getConfig, unwrapAnonymous } from '$lib/backend';
import { supabase } from '$lib/features/account/supabase.svelte';
import { resumeSession } from '$lib/sign_in';
import { errorMessage } from '$lib/api_error';

/** Load the configuration and restore the session before any page. */
export async function load() {
	try {
		const config = await unwrapAnonymous(getConfig(anonymous));
		if (config.auth === 'supabase') await supabase.connect(config);
		else await resumeSession();
		return { config };
	} catch (cause) {
		error(503, errorMessage(cause));
	}
}

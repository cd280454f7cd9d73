import { error } from '@sveltejs/kit';
import { anyone, getConfig, publicAnswer } from '$lib/backend';
import { supabase } from '$lib/features/account/supabase.svelte';
import { resumeSession } from '$lib/sign_in';
import { told } from '$lib/api_error';

/** How to sign in, and the limits to keep to: what the app must know before anything else. */
export async function load() {
	try {
		const config = await publicAnswer(getConfig(anyone));
		if (config.auth === 'supabase') await supabase.open(config);
		else await resumeSession();
		return { config };
	} catch (thrown) {
		error(503, told(thrown));
	}
}

import { error } from '@sveltejs/kit';
import { answer, getConfig } from '$lib/backend';
import { supabase } from '$lib/features/account/supabase.svelte';
import { told } from '$lib/trouble';

/** How to sign in, and the limits to keep to: what the app must know before anything else. */
export async function load() {
	try {
		const config = await answer(getConfig());
		if (config.auth === 'supabase') await supabase.open(config);
		return { config };
	} catch (thrown) {
		error(503, told(thrown));
	}
}

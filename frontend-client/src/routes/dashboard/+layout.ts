import { error } from '@sveltejs/kit';
import { answer, getConfig } from '$lib/backend';
import { told } from '$lib/trouble';

/** How to sign in, and the limits to keep to: what the app must know before anything else. */
export async function load() {
	try {
		return { config: await answer(getConfig()) };
	} catch (thrown) {
		error(503, told(thrown));
	}
}

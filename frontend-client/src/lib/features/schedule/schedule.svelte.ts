/** When episodes are brewed by themselves. */

import { perListener, scope } from '$lib/listener_scope.svelte';
import {
	answer,
	deleteSchedule,
	getSchedule,
	getUser,
	setSchedule,
	type KeptSchedule,
	type Preferences,
	type ScheduleRequest
} from '$lib/backend';
import { Trouble } from '$lib/api_error';

class Schedule {
	/** Null when there is none. */
	kept = $state<KeptSchedule | null>(null);
	/** What a new schedule starts from. */
	preferences = $state.raw<Preferences>({});

	async load() {
		const user = answer(getUser({ path: { user_id: scope.id ?? '' } }));
		[this.kept, { preferences: this.preferences }] = await Promise.all([this.#read(), user]);
	}

	async #read(): Promise<KeptSchedule | null> {
		try {
			return await answer(getSchedule());
		} catch (thrown) {
			if (!(thrown instanceof Trouble && thrown.status === 404)) throw thrown;
			return null;
		}
	}

	async set(asked: ScheduleRequest) {
		this.kept = await answer(setSchedule({ body: asked }));
	}

	async end() {
		await answer(deleteSchedule());
		this.kept = null;
	}
}

export const schedule = perListener(() => new Schedule());

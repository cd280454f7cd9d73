/** When episodes are brewed by themselves. */

import { perListener } from '$lib/listener_scope.svelte';
import {
	answer,
	deleteSchedule,
	getSchedule,
	setSchedule,
	type KeptSchedule,
	type ScheduleRequest
} from '$lib/backend';
import { Trouble } from '$lib/trouble';

class Schedule {
	/** Null when there is none. */
	kept = $state<KeptSchedule | null>(null);

	async load() {
		try {
			this.kept = await answer(getSchedule());
		} catch (thrown) {
			if (!(thrown instanceof Trouble && thrown.status === 404)) throw thrown;
			this.kept = null;
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

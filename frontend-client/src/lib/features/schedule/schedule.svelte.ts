/** The listener's schedule. */

import { perListener, scope } from '#lib/listener_scope.svelte.ts';
import {
	unwrap,
	deleteSchedule,
	getSchedule,
	getUser,
	setSchedule,
	type KeptSchedule,
	type Preferences,
	type ScheduleRequest
} from '#lib/backend.ts';
import { ApiError } from '#lib/api_error.ts';

class Schedule {
	/** Null if there is none. */
	current = $state<KeptSchedule | null>(null);
	/** Initial values of a new schedule. */
	preferences = $state.raw<Preferences>({});

	async load() {
		const user = unwrap(getUser({ path: { user_id: scope.id ?? '' } }));
		[this.current, { preferences: this.preferences }] = await Promise.all([
			this.#loadCurrent(),
			user
		]);
	}

	async #loadCurrent(): Promise<KeptSchedule | null> {
		try {
			return await unwrap(getSchedule());
		} catch (error) {
			if (!(error instanceof ApiError && error.status === 404)) throw error;
			return null;
		}
	}

	async save(request: ScheduleRequest) {
		this.current = await unwrap(setSchedule({ body: request }));
	}

	async remove() {
		await unwrap(deleteSchedule());
		this.current = null;
	}
}

export const schedule = perListener(() => new Schedule());

/** What the form of a schedule starts with. */

import type { AppConfig, KeptSchedule, Preferences, ScheduleRequest } from '$lib/api';
import { choicesOf } from '../episode/order/order_defaults';
import { zones } from './wording';

/** The zone of an account whose listener chose none. */
const NO_CHOICE = 'UTC';

/** The present schedule, else one as the listener's account prefers it. */
export function planOf(
	kept: KeptSchedule | null,
	preferences: Preferences,
	config: Pick<AppConfig, 'limits' | 'translates'>
) {
	if (kept) {
		const { cadence, weekday, time, zone, minutes, hosts, style, language } = kept;
		return { cadence, weekday: weekday ?? 0, time, zone, minutes, hosts, style, language };
	}
	const { minutes, hosts, style, language } = choicesOf(preferences, config);
	const preferred = preferences.zone === NO_CHOICE ? null : preferences.zone;
	return {
		cadence: 'daily',
		weekday: 0,
		time: '06:30',
		zone: preferred ?? zones()[0]!,
		minutes,
		hosts,
		style,
		language: language || null
	} satisfies ScheduleRequest;
}

/** What the form of a schedule starts with. */

import type { AppConfig, KeptSchedule, Preferences, ScheduleRequest } from '$lib/api';
import { orderDefaults } from '../episode/order/order_defaults';
import { listTimeZones } from './wording';

/** The zone of an account whose listener chose none. */
const DEFAULT_ZONE = 'UTC';

/** The present schedule, else one as the listener's account prefers it. */
export function draftSchedule(
	current: KeptSchedule | null,
	preferences: Preferences,
	config: Pick<AppConfig, 'limits' | 'translates'>
) {
	if (current) {
		const { cadence, weekday, time, zone, minutes, hosts, style, language } = current;
		return { cadence, weekday: weekday ?? 0, time, zone, minutes, hosts, style, language };
	}
	const { minutes, hosts, style, language } = orderDefaults(preferences, config);
	const preferred = preferences.zone === DEFAULT_ZONE ? null : preferences.zone;
	return {
		cadence: 'daily',
		weekday: 0,
		time: '06:30',
		zone: preferred ?? listTimeZones()[0]!,
		minutes,
		hosts,
		style,
		language: language || null
	} satisfies ScheduleRequest;
}

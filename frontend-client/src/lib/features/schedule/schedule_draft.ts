/** Initial values of the schedule form. */

import type { AppConfig, KeptSchedule, Preferences, ScheduleRequest } from '#lib/api/index.ts';
import { hostNameFields } from '../episode/order/host_names';
import { orderDefaults } from '../episode/order/order_defaults';
import { listTimeZones } from './wording';

/** The zone of accounts without a choice. */
const DEFAULT_ZONE = 'UTC';

/** The current schedule, or a new one with the account's preferences. */
export function draftSchedule(
	current: KeptSchedule | null,
	preferences: Preferences,
	config: Pick<AppConfig, 'limits' | 'translates' | 'sounds'>
) {
	if (current) {
		const { cadence, weekday, time, zone, minutes, hosts, language, interests } = current;
		return {
			cadence,
			weekday: weekday ?? 0,
			time,
			zone,
			minutes,
			hosts: hosts ?? 2,
			style: current.show_style ?? current.style ?? 'briefing',
			language,
			interests: interests ?? '',
			host_names: hostNameFields(current.host_names),
			host_roles: current.host_roles ?? 'shared',
			sounds: current.sounds ?? config.sounds,
			review: current.review ?? false
		};
	}
	const { minutes, hosts, style, language, interests, hostNames, hostRoles, sounds } =
		orderDefaults(preferences, config);
	const preferred = preferences.zone === DEFAULT_ZONE ? null : preferences.zone;
	return {
		cadence: 'daily',
		weekday: 0,
		time: '06:30',
		zone: preferred ?? listTimeZones()[0]!,
		minutes,
		hosts,
		style,
		language: language || null,
		interests,
		host_names: hostNames,
		host_roles: hostRoles,
		sounds,
		review: false
	} satisfies ScheduleRequest;
}

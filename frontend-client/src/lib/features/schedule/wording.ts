/** A schedule as text, in its own time zone. */

import type { KeptSchedule, Zone } from '#lib/api/index.ts';

export const WEEKDAYS = [
	'Monday',
	'Tuesday',
	'Wednesday',
	'Thursday',
	'Friday',
	'Saturday',
	'Sunday'
] as const;

/** `Tuesday 24 November at 06:30`. */
export function formatMoment(moment: string, zone: string): string {
	const dateFormat: Intl.DateTimeFormatOptions = { weekday: 'long', day: 'numeric', month: 'long' };
	const timeFormat: Intl.DateTimeFormatOptions = {
		hour: '2-digit',
		minute: '2-digit',
		hour12: false
	};
	return new Date(moment).toLocaleString('en-GB', { ...dateFormat, ...timeFormat, timeZone: zone });
}

/** `Every day at 06:30` or `Every Monday at 06:30`. */
export function describeCadence({ cadence, weekday, time }: KeptSchedule): string {
	const interval = cadence === 'weekly' ? WEEKDAYS[weekday ?? 0] : 'day';
	return `Every ${interval} at ${time}`;
}

/** Every IANA time zone that this browser knows, its own first. */
export function listTimeZones(): Zone[] {
	const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
	return [...new Set([ownZone, 'UTC', ...Intl.supportedValuesOf('timeZone')])] as Zone[];
}

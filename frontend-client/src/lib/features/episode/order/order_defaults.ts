/** The order form's initial values: the account's preferences within this service's limits. */

import type { AppConfig, HostRoles, Preferences, ShowStyle } from '#lib/api/index.ts';
import { hostNameFields } from './host_names';

export type OrderDefaults = {
	minutes: number;
	hosts: 1 | 2;
	style: ShowStyle;
	language: string;
	interests: string;
	hostNames: [string, string];
	hostRoles: HostRoles;
	sounds: boolean;
	/** As typed; empty without a limit. */
	cap: string;
};

export function orderDefaults(
	preferences: Preferences,
	{ limits, translates, sounds }: Pick<AppConfig, 'limits' | 'translates' | 'sounds'>
): OrderDefaults {
	const minutes = preferences.minutes ?? 5;
	return {
		minutes: Math.min(Math.max(minutes, limits.minutes_min), limits.minutes_max),
		hosts: preferences.hosts === 1 ? 1 : 2,
		style: preferences.show_style ?? preferences.style ?? 'briefing',
		language: translates ? (preferences.language ?? '') : '',
		interests: preferences.interests ?? '',
		hostNames: hostNameFields(preferences.host_names),
		hostRoles: preferences.host_roles ?? 'shared',
		sounds: preferences.sounds ?? sounds,
		cap: preferences.cap_usd ? String(preferences.cap_usd) : ''
	};
}

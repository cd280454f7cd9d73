/** What two hosts do, as the forms offer it. */

import type { HostRoles } from '#lib/api/index.ts';

/** The roles, with the names of the hosts where they have some. */
export function hostRoleOptions(names: [string, string]): { value: HostRoles; name: string }[] {
	const [first, second] = names.map((name, place) => name.trim() || `Host ${place + 1}`);
	return [
		{ value: 'shared', name: 'Both tell stories' },
		{ value: 'first_asks', name: `${first} asks, ${second} tells` },
		{ value: 'second_asks', name: `${second} asks, ${first} tells` }
	];
}

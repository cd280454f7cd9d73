/** The preferences that say how a show sounds. */

import type { AppConfig, HostRoles, Preferences, ShowStyle } from '#lib/api/index.ts';
import { changeUser, getUser, unwrap } from '#lib/backend.ts';
import { hostNameFields, hostNames } from '#lib/features/episode/order/host_names.ts';
import { order } from '#lib/features/episode/order/order.svelte.ts';
import { scope } from '#lib/listener_scope.svelte.ts';

export class ShowPreferences {
	style = $state<ShowStyle>('briefing');
	interests = $state('');
	hostNames = $state<[string, string]>(['', '']);
	hostRoles = $state<HostRoles>('shared');
	sounds = $state(true);
	hosts = $state(2);
	readonly #config: Pick<AppConfig, 'sounds'>;

	constructor(config: Pick<AppConfig, 'sounds'>) {
		this.#config = config;
	}

	async load() {
		this.#show((await unwrap(getUser({ path: this.#path }))).preferences);
	}

	/** Save them. The order form shows the saved values, too. */
	async save() {
		const changed = {
			style: this.style,
			interests: this.interests,
			host_names: hostNames(this.hostNames),
			host_roles: this.hostRoles,
			sounds: this.sounds
		};
		const body = { preferences: changed };
		this.#show((await unwrap(changeUser({ path: this.#path, body }))).preferences);
		const { style, interests, hostRoles, sounds } = this;
		const names = hostNameFields(this.hostNames);
		Object.assign(order, { style, interests, hostNames: names, hostRoles, sounds });
	}

	get #path() {
		return { user_id: scope.id ?? '' };
	}

	#show(preferences: Preferences) {
		this.style = preferences.show_style ?? preferences.style ?? 'briefing';
		this.interests = preferences.interests ?? '';
		this.hostNames = hostNameFields(preferences.host_names);
		this.hostRoles = preferences.host_roles ?? 'shared';
		this.sounds = preferences.sounds ?? this.#config.sounds;
		this.hosts = preferences.hosts ?? 2;
	}
}

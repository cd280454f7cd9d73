import { describe, expect, it } from 'vitest';
import type { AppLimits } from '#lib/api/index.ts';
import { orderDefaults } from './order_defaults';

const limits = { minutes_min: 2, minutes_max: 30 } as AppLimits;

describe('the initial values of the order form', () => {
	it('are the account’s preferences', () => {
		const preferences = {
			minutes: 12,
			hosts: 1,
			style: 'conversation' as const,
			show_style: 'interview' as const,
			interests: 'Rivers',
			host_names: ['Ada'],
			host_roles: 'second_asks' as const,
			sounds: false,
			language: 'de',
			cap_usd: 0.5
		};
		expect(orderDefaults(preferences, { limits, translates: true, sounds: true })).toEqual({
			minutes: 12,
			hosts: 1,
			style: 'interview',
			language: 'de',
			interests: 'Rivers',
			hostNames: ['Ada', ''],
			hostRoles: 'second_asks',
			sounds: false,
			cap: '0.5'
		});
	});

	it('are defaults without preferences', () => {
		expect(orderDefaults({}, { limits, translates: true, sounds: true })).toEqual({
			minutes: 5,
			hosts: 2,
			style: 'briefing',
			language: '',
			interests: '',
			hostNames: ['', ''],
			hostRoles: 'shared',
			sounds: true,
			cap: ''
		});
	});

	it('have the sounds of this service without a preference', () => {
		expect(orderDefaults({}, { limits, translates: true, sounds: false }).sounds).toBe(false);
	});

	it('stay within this service’s limits', () => {
		expect(
			orderDefaults({ minutes: 90, language: 'de' }, { limits, translates: false, sounds: true })
		).toMatchObject({ minutes: 30, language: '' });
		expect(orderDefaults({ minutes: 1 }, { limits, translates: false, sounds: true }).minutes).toBe(
			2
		);
	});
});

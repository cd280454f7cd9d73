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
			language: 'de',
			cap_usd: 0.5
		};
		expect(orderDefaults(preferences, { limits, translates: true })).toEqual({
			minutes: 12,
			hosts: 1,
			style: 'interview',
			language: 'de',
			interests: 'Rivers',
			hostNames: ['Ada', ''],
			cap: '0.5'
		});
	});

	it('are defaults without preferences', () => {
		expect(orderDefaults({}, { limits, translates: true })).toEqual({
			minutes: 5,
			hosts: 2,
			style: 'briefing',
			language: '',
			interests: '',
			hostNames: ['', ''],
			cap: ''
		});
	});

	it('stay within this service’s limits', () => {
		expect(
			orderDefaults({ minutes: 90, language: 'de' }, { limits, translates: false })
		).toMatchObject({ minutes: 30, language: '' });
		expect(orderDefaults({ minutes: 1 }, { limits, translates: false }).minutes).toBe(2);
	});
});

import { expect, test } from 'vitest';
import type { KeptSchedule } from '#lib/api/index.ts';
import { formatMoment, describeCadence, listTimeZones } from './wording';

const KEPT: KeptSchedule = {
	cadence: 'weekly',
	weekday: 1,
	time: '06:30',
	zone: 'Europe/Madrid',
	minutes: 5,
	hosts: 2,
	style: 'briefing',
	language: null,
	next_at: '2026-11-24T05:30:00Z',
	last_at: null,
	last_episode: null,
	outcome: null
};

test('a moment is shown in its time zone', () => {
	expect(formatMoment(KEPT.next_at, KEPT.zone)).toMatch(/^Tuesday 24 November(,| at) 06:30$/);
	expect(formatMoment(KEPT.next_at, 'America/New_York')).toMatch(/00:30$/);
});

test('a cadence is described in words', () => {
	expect(describeCadence(KEPT)).toBe('Every Tuesday at 06:30');
	expect(describeCadence({ ...KEPT, cadence: 'daily', weekday: null })).toBe('Every day at 06:30');
});

test('the browser’s own zone comes first', () => {
	expect(listTimeZones()[0]).toBe(Intl.DateTimeFormat().resolvedOptions().timeZone);
	expect(listTimeZones()).toContain('Europe/Madrid');
});

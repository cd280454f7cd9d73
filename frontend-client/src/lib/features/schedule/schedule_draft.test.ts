import { expect, test } from 'vitest';
import type { KeptSchedule, Preferences } from '#lib/api/index.ts';
import { draftSchedule } from './schedule_draft';
import { listTimeZones } from './wording';

const CONFIG = {
	limits: { minutes_min: 1, minutes_max: 15, upload_bytes: 1, import_bytes: 1 },
	translates: true,
	sounds: true
};
const PREFERENCES: Preferences = {
	minutes: 12,
	hosts: 1,
	style: 'conversation',
	show_style: 'interview',
	interests: 'Rivers',
	host_names: ['Ada', 'Ben'],
	host_roles: 'first_asks',
	sounds: false,
	language: 'de',
	zone: 'Asia/Tokyo'
};
const KEPT: KeptSchedule = {
	cadence: 'weekly',
	weekday: 3,
	time: '18:00',
	zone: 'Europe/Madrid',
	minutes: 3,
	hosts: 2,
	style: 'briefing',
	show_style: 'deep_dive',
	interests: 'Chess',
	host_names: ['Cleo'],
	review: true,
	language: 'en',
	next_at: '2026-12-01T17:00:00Z',
	last_at: null,
	last_episode: null,
	outcome: null
};

test('a new schedule has the listener’s preferences', () => {
	expect(draftSchedule(null, PREFERENCES, CONFIG)).toEqual({
		cadence: 'daily',
		weekday: 0,
		time: '06:30',
		zone: 'Asia/Tokyo',
		minutes: 12,
		hosts: 1,
		style: 'interview',
		language: 'de',
		interests: 'Rivers',
		host_names: ['Ada', 'Ben'],
		host_roles: 'first_asks',
		sounds: false,
		review: false
	});
});

test('a new schedule stays within this service’s limits', () => {
	const draft = draftSchedule(
		null,
		{ ...PREFERENCES, minutes: 60 },
		{ ...CONFIG, translates: false }
	);

	expect([draft.minutes, draft.language]).toEqual([15, null]);
});

test('without preferences a new schedule uses this browser’s time zone', () => {
	const draft = draftSchedule(null, { zone: 'UTC' }, CONFIG);

	expect(draft).toMatchObject({
		zone: listTimeZones()[0],
		minutes: 5,
		hosts: 2,
		style: 'briefing',
		interests: '',
		host_names: ['', ''],
		host_roles: 'shared',
		sounds: true
	});
});

test('an existing schedule stays unchanged', () => {
	const { cadence, weekday, time, zone, minutes, hosts, language } = KEPT;

	expect(draftSchedule(KEPT, PREFERENCES, CONFIG)).toEqual({
		cadence,
		weekday,
		time,
		zone,
		minutes,
		hosts,
		style: 'deep_dive',
		language,
		interests: 'Chess',
		host_names: ['Cleo', ''],
		host_roles: 'shared',
		sounds: true,
		review: true
	});
	expect(draftSchedule({ ...KEPT, weekday: null }, PREFERENCES, CONFIG).weekday).toBe(0);
	expect(draftSchedule({ ...KEPT, host_roles: 'second_asks' }, PREFERENCES, CONFIG)).toMatchObject({
		host_roles: 'second_asks'
	});
	expect(draftSchedule({ ...KEPT, sounds: false }, PREFERENCES, CONFIG).sounds).toBe(false);
});

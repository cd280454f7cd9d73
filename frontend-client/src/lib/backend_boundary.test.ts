/** Only `backend.ts` talks to a server, and only through the generated client. */

import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const DOOR = 'src/lib/backend.ts'; // gives the client its `fetch`, with timeouts
const SUPABASE = 'src/lib/features/account/supabase.svelte.ts'; // talks to Supabase, not to our backend
const TALK =
	/\b(fetch|XMLHttpRequest|EventSource|WebSocket|WebTransport|RTCPeerConnection|sendBeacon|importScripts)\b/;
const CLIENT =
	/(?:^|\s)(?:import|export)\s+(?!type\b)[^;]*?['"]\$lib\/api\b|import\(\s*['"]\$lib\/api\b/m;
const FROM =
	/^\s*(?:import|export)\s[^;'"=]*?\bfrom\s*['"]([^'"\n]+)|^\s*import\s*['"]([^'"\n]+)|\bimport\(\s*['"]([^'"\n]+)/gm;
const OURS = /^(\.|\$lib\/|\$app\/|svelte($|\/)|@sveltejs\/kit$)/;
const LIBRARIES: Record<string, RegExp> = {
	'@fontsource-variable/newsreader': /hooks\.server\.ts$/,
	'@lucide/svelte': /./,
	'@supabase/supabase-js': /supabase\.svelte\.ts$/,
	'bits-ui': /components/
};

const source = globSync('src/**/*.{ts,js,svelte,html}', { cwd: process.cwd() })
	.concat(globSync('static/**/*.{js,html}', { cwd: process.cwd() }))
	.filter((file) => !file.startsWith('src/lib/api/') && !file.endsWith('.test.ts'));
const elsewhere = source.filter((file) => file !== DOOR);

const library = (name: string) => name.split('/', name.startsWith('@') ? 2 : 1).join('/');
const foreign = (text: string) =>
	[...text.matchAll(FROM)]
		.map(([, ...found]) => found.find(Boolean) ?? '')
		.filter((name) => !OURS.test(name));

test('the sources are found', () => {
	expect(elsewhere.length).toBeGreaterThan(60);
	expect(source).toContain(DOOR);
	expect(source).toContain(SUPABASE);
});

describe.each(elsewhere)('%s', (file) => {
	const text = readFileSync(file, 'utf8');

	test('does not talk to a server', () => {
		expect(text).not.toMatch(TALK);
	});

	test('takes nothing but types from the generated client', () => {
		expect(text).not.toMatch(CLIENT);
	});

	test('uses no library that we do not know, and each in its place', () => {
		const misplaced = foreign(text).filter((name) => !LIBRARIES[library(name)]?.test(file));
		expect(misplaced).toEqual([]);
	});

	test('puts no markup from a mail into the page', () => {
		expect(text).not.toMatch(/\{@html|innerHTML|insertAdjacentHTML|document\.write/);
	});
});

test('the door itself asks through the client alone', () => {
	const text = readFileSync(DOOR, 'utf8');

	expect(text.match(/\bfetch\(/g)).toHaveLength(1);
	expect(text).toMatch(/client\.setConfig\(\{[^}]*fetch:/s);
});

test.each([
	["const a = await fetch('/api/mail');", TALK],
	['new EventSource(url)', TALK],
	['navigator.sendBeacon(url)', TALK],
	["import { listMail } from '$lib/api';", CLIENT],
	["import {\n\tlistMail\n} from '$lib/api/sdk.gen';", CLIENT],
	["await import('$lib/api')", CLIENT]
])('%s would be found', (planted, by) => {
	expect(planted).toMatch(by);
});

test('types may be taken, and a library that talks is found', () => {
	expect("import type { Mail } from '$lib/api';").not.toMatch(CLIENT);
	expect(foreign("import axios from 'axios';\nimport ky from 'ky'")).toEqual(['axios', 'ky']);
});

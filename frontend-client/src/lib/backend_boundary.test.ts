/** Only `backend.ts` talks to a server, and only through the generated client. */

import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const BACKEND = 'src/lib/backend.ts'; // gives the client its `fetch`, with timeouts
const SUPABASE = 'src/lib/features/account/supabase.svelte.ts'; // talks to Supabase, not to our backend
const WORKER = 'src/service-worker/index.ts'; // loads the app's own files
const NETWORK_API =
	/\b(fetch|XMLHttpRequest|EventSource|WebSocket|WebTransport|RTCPeerConnection|sendBeacon|importScripts)\b/;
const CLIENT_IMPORT =
	/(?:^|\s)(?:import|export)\s+(?!type\b)[^;]*?['"]#lib\/api\b|import\(\s*['"]#lib\/api\b/m;
const IMPORT =
	/^\s*(?:import|export)\s[^;'"=]*?\bfrom\s*['"]([^'"\n]+)|^\s*import\s*['"]([^'"\n]+)|\bimport\(\s*['"]([^'"\n]+)/gm;
const OWN_MODULE = /^(\.|#lib\/|\$app\/|svelte($|\/)|@sveltejs\/kit(\/hooks)?$)/;
const LIBRARIES: Record<string, RegExp> = {
	'@fontsource-variable/newsreader': /hooks\.server\.ts$/,
	'@lucide/svelte': /./,
	'@simplewebauthn/browser': /home_account\.svelte\.ts$/,
	'@supabase/supabase-js': /supabase\.svelte\.ts$/,
	'bits-ui': /components/,
	'lean-qr': /QrCode\.svelte$/
};

const source = globSync('src/**/*.{ts,js,svelte,html}', { cwd: process.cwd() })
	.concat(globSync('static/**/*.{js,html}', { cwd: process.cwd() }))
	.filter((file) => !file.startsWith('src/lib/api/') && !file.endsWith('.test.ts'));
const otherFiles = source.filter((file) => file !== BACKEND);

const packageName = (name: string) => name.split('/', name.startsWith('@') ? 2 : 1).join('/');
const listLibraries = (text: string) =>
	[...text.matchAll(IMPORT)]
		.map(([, ...groups]) => groups.find(Boolean) ?? '')
		.filter((name) => !OWN_MODULE.test(name));

test('the sources are found', () => {
	expect(otherFiles.length).toBeGreaterThan(60);
	expect(source).toContain(BACKEND);
	expect(source).toContain(SUPABASE);
});

test.each(otherFiles.filter((file) => file !== WORKER))('%s does not send requests', (file) => {
	expect(readFileSync(file, 'utf8')).not.toMatch(NETWORK_API);
});

describe.each(otherFiles)('%s', (file) => {
	const text = readFileSync(file, 'utf8');

	test('imports only types from the generated client', () => {
		expect(text).not.toMatch(CLIENT_IMPORT);
	});

	test('uses only known libraries, each in its place', () => {
		const misplaced = listLibraries(text).filter(
			(name) => !LIBRARIES[packageName(name)]?.test(file)
		);
		expect(misplaced).toEqual([]);
	});

	test('inserts no HTML from emails into the page', () => {
		expect(text).not.toMatch(/\{@html|innerHTML|insertAdjacentHTML|document\.write/);
	});
});

test('the service worker requests only files of the app, and pages that the browser asks for', () => {
	const text = readFileSync(WORKER, 'utf8');
	const requests = [...text.matchAll(/\bfetch\(([^),]*)/g)].map(([, what]) => what);

	expect(requests).toEqual(['SHELL', 'event.request', 'request']);
	expect(text).toContain("if (request.method !== 'GET' || origin !== location.origin) return;");
});

test('backend.ts sends requests only through the generated client, and gets audio for this device', () => {
	const text = readFileSync(BACKEND, 'utf8');
	const requests = [...text.matchAll(/\bfetch\(([^),]*)/g)].map(([, what]) => what);

	expect(requests).toEqual(['request', 'absoluteUrl(address']);
	expect(text).toMatch(/client\.setConfig\(\{[^}]*fetch:/s);
});

test.each([
	["const a = await fetch('/api/mail');", NETWORK_API],
	['new EventSource(url)', NETWORK_API],
	['navigator.sendBeacon(url)', NETWORK_API],
	["import { listMail } from '#lib/api/index.ts';", CLIENT_IMPORT],
	["import {\n\tlistMail\n} from '#lib/api/sdk.gen.ts';", CLIENT_IMPORT],
	["await import('#lib/api/index.ts')", CLIENT_IMPORT]
])('%s would be detected', (code, pattern) => {
	expect(code).toMatch(pattern);
});

test('type imports are allowed, and unknown libraries are detected', () => {
	expect("import type { Mail } from '#lib/api/index.ts';").not.toMatch(CLIENT_IMPORT);
	expect(listLibraries("import axios from 'axios';\nimport ky from 'ky'")).toEqual(['axios', 'ky']);
});

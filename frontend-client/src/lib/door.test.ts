import { readFileSync } from 'node:fs';
import { globSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const source = globSync('src/**/*.{ts,svelte}', { cwd: process.cwd() }).filter(
	(file) => !file.startsWith('src/lib/api/') && !file.endsWith('.test.ts')
);
const elsewhere = source.filter((file) => file !== 'src/lib/backend.ts');

test('the sources are found', () => {
	expect(elsewhere.length).toBeGreaterThan(20);
});

describe.each(elsewhere)('%s', (file) => {
	const text = readFileSync(file, 'utf8');

	test('does not talk to a server', () => {
		expect(text).not.toMatch(
			/\b(fetch|XMLHttpRequest|EventSource|WebSocket|sendBeacon|importScripts)\b/
		);
	});

	test('takes nothing but types from the generated client', () => {
		expect(text).not.toMatch(/^\s*(import|export) (?!type\b).*\$lib\/api\b/m);
	});

	test('puts no markup from a mail into the page', () => {
		expect(text).not.toMatch(/\{@html|innerHTML|insertAdjacentHTML|document\.write/);
	});
});

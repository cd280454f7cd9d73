import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { invitation } from '#lib/features/home/invitation.svelte.ts';
import { installStorage } from './fake_storage';
import { json, startServer } from './local_server';

const KEY = 'audiobrew.invitation';
let stored: Map<string, string>;
let close = () => {};

beforeEach(() => (stored = installStorage()));
afterEach(() => close());

test('an invitation survives a reload, until the account is open', async () => {
	invitation.code = 'secret';
	vi.resetModules(); // as a reload of the page does
	const reloaded = (await import('#lib/features/home/invitation.svelte.ts')).invitation;
	expect(reloaded.code).toBe('secret');

	reloaded.code = null;
	expect(stored.has(KEY)).toBe(false);
});

test.each([
	['/problems/invitation-refused', 403, false],
	['/problems/problem', 500, true]
])('after %s, the code is remembered: %j', async (type, status, isRemembered) => {
	({ close } = await startServer((response) => json(response, status, { type, detail: 'No.' })));
	invitation.code = 'secret';

	await expect(invitation.open()).rejects.toThrow('No.');
	expect(stored.has(KEY)).toBe(isRemembered);
	expect(invitation.code).toBe('secret');
});

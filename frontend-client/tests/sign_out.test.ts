/** Until the page is reloaded after signing out, no sign-in form is shown. */

import { beforeEach, expect, test, vi } from 'vitest';
import { signOut } from '#lib/features/account/account.ts';
import { session } from '#lib/session.svelte.ts';

const backend = vi.hoisted(() => ({ endSession: vi.fn(async () => {}) }));
vi.mock('#lib/backend.ts', () => backend);

const assign = vi.fn();

beforeEach(() => {
	vi.clearAllMocks();
	vi.stubGlobal('location', { assign });
	session.isLeaving = false;
});

test('the page is leaving while the session ends, and until the reload', async () => {
	let endSession = () => {};
	backend.endSession.mockReturnValueOnce(new Promise<void>((resolve) => (endSession = resolve)));
	const signingOut = signOut();

	expect([session.isLeaving, assign.mock.calls]).toEqual([true, []]);
	endSession();
	await signingOut;
	expect([session.isLeaving, assign.mock.calls]).toEqual([true, [['/dashboard']]]);
});

test('a failed sign-out leaves nothing', async () => {
	backend.endSession.mockRejectedValueOnce(new Error('no connection'));

	await expect(signOut()).rejects.toThrow('no connection');
	expect([session.isLeaving, assign.mock.calls]).toEqual([false, []]);
});

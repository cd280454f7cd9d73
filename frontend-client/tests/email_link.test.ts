import { beforeEach, expect, test } from 'vitest';
import {
	passwordReset,
	parseEmailLink,
	findLinkProblem
} from '#lib/features/account/email_link.ts';
import { installStorage } from './fake_storage';

beforeEach(() => void installStorage());

test.each([
	['?error=access_denied&error_code=otp_expired&error_description=x', '', false, 'expired'],
	['', '#error=access_denied&error_code=otp_expired', false, 'expired'],
	['?code=abc', '', false, 'elsewhere'],
	['?code=abc', '', true, null],
	['', '#code=abc', false, null],
	['', '', false, null],
	['', '#gmail_error=access_denied', false, null]
] as const)('%s%s (signed in: %s) is %s', (search, hash, isSignedIn, trouble) => {
	expect(findLinkProblem(parseEmailLink({ search, hash }), isSignedIn)).toBe(trouble);
});

test('a password reset continues after a reload, for its listener only', () => {
	passwordReset.begin('ada');
	expect([
		passwordReset.isFor('ada'),
		passwordReset.isFor('eve'),
		passwordReset.isFor(undefined)
	]).toEqual([true, false, false]);
	passwordReset.end();
	expect(passwordReset.isFor('ada')).toBe(false);
});

import { beforeEach, expect, test } from 'vitest';
import { choosing, linkIn, troubleOf } from '$lib/features/account/email_link';
import { useStorage } from './fake_storage';

beforeEach(() => void useStorage());

test.each([
	['?error=access_denied&error_code=otp_expired&error_description=x', '', false, 'expired'],
	['', '#error=access_denied&error_code=otp_expired', false, 'expired'],
	['?code=abc', '', false, 'elsewhere'],
	['?code=abc', '', true, null],
	['', '#code=abc', false, null],
	['', '', false, null],
	['', '#gmail_error=access_denied', false, null]
] as const)('%s%s (signed in: %s) is %s', (search, hash, isSignedIn, trouble) => {
	expect(troubleOf(linkIn({ search, hash }), isSignedIn)).toBe(trouble);
});

test('choosing a password goes on after a reload, for its listener alone', () => {
	choosing.begin('ada');
	expect([choosing.isFor('ada'), choosing.isFor('eve'), choosing.isFor(undefined)]).toEqual([
		true,
		false,
		false
	]);
	choosing.end();
	expect(choosing.isFor('ada')).toBe(false);
});

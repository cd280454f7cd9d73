import { expect, test } from 'vitest';
import { supabaseErrorMessage } from './supabase_errors';

test('an error code of Supabase becomes a message', () => {
	const wrong = { name: 'AuthApiError', code: 'invalid_credentials' };

	expect(supabaseErrorMessage(wrong)).toMatch(/Wrong email or password/);
});

test('an outage has a message of its own', () => {
	expect(supabaseErrorMessage({ name: 'AuthRetryableFetchError' })).toMatch(/isn’t responding/);
});

test.each(['', 'something_new', '__proto__'])('%j has the general message', (code) => {
	expect(supabaseErrorMessage({ name: 'AuthApiError', code })).toEqual(
		expect.stringMatching(/try again/)
	);
});

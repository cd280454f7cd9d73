import { expect, test } from 'vitest';
import { supabaseErrorMessage } from './supabase_errors';

test('what Supabase says becomes a sentence', () => {
	const wrong = { name: 'AuthApiError', code: 'invalid_credentials' };

	expect(supabaseErrorMessage(wrong)).toMatch(/Wrong email or password/);
});

test('an outage is told as one', () => {
	expect(supabaseErrorMessage({ name: 'AuthRetryableFetchError' })).toMatch(/isn’t responding/);
});

test.each(['', 'something_new', '__proto__'])('%j is told without its own words', (code) => {
	expect(supabaseErrorMessage({ name: 'AuthApiError', code })).toEqual(
		expect.stringMatching(/try again/)
	);
});

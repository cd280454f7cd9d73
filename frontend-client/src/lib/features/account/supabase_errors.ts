/** Messages for Supabase's error codes. */

const UNKNOWN = 'Something went wrong. Please try again.';
const SENTENCES = new Map(
	Object.entries({
		invalid_credentials: 'Wrong email or password.',
		email_not_confirmed: 'Please confirm your email address first, with the link we sent you.',
		user_already_exists: 'An account with this email already exists. Sign in instead.',
		email_exists: 'An account with this email already exists. Sign in instead.',
		email_address_invalid: 'Please enter a valid email address.',
		signup_disabled: 'Sign-up is closed at the moment.',
		weak_password: 'Please choose a longer password.',
		same_password: 'This is already your password. Please choose a new one.',
		user_banned: 'This account is closed.',
		over_email_send_rate_limit: 'Too many emails were requested. Please try again in an hour.',
		over_request_rate_limit: 'Too many attempts. Please wait a few minutes.'
	})
);

export function supabaseErrorMessage(error: { name: string; code?: string | undefined }): string {
	if (error.name === 'AuthRetryableFetchError')
		return 'Sign-in isn’t responding right now. Please try again.';
	return SENTENCES.get(error.code ?? '') ?? UNKNOWN;
}

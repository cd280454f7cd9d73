/** Messages for Supabase's error codes. */

const UNKNOWN = 'That did not work. Please try again.';
const SENTENCES = new Map(
	Object.entries({
		invalid_credentials: 'This address and this password do not belong together.',
		email_not_confirmed: 'Please open the link in the mail that was sent to you first.',
		user_already_exists: 'There is an account with this address already. Sign in instead.',
		email_exists: 'There is an account with this address already. Sign in instead.',
		email_address_invalid: 'This is no e-mail address that a mail can be sent to.',
		signup_disabled: 'New accounts cannot be made here at the moment.',
		weak_password: 'Please choose a longer password.',
		same_password: 'This is your password already. Please choose another one.',
		user_banned: 'This account is closed.',
		over_email_send_rate_limit: 'Too many mails were asked for. Please try again in an hour.',
		over_request_rate_limit: 'Too many tries. Please wait a few minutes.'
	})
);

export function supabaseErrorMessage(error: { name: string; code?: string | undefined }): string {
	if (error.name === 'AuthRetryableFetchError')
		return 'Sign-in does not answer right now. Please try again.';
	return SENTENCES.get(error.code ?? '') ?? UNKNOWN;
}

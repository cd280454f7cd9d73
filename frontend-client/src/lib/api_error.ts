/** Errors, and the messages that a listener sees for them. */

import { ListenerChanged } from '#lib/listener_scope.svelte.ts';

export const UNREACHABLE = 'AudioBrew isn’t responding. Please try again in a moment.';
const UNKNOWN = 'Something went wrong on our side. Please try again.';
const MALFORMED = '/problems/malformed';

/**
 * An operation failed. `message` is shown to the listener. `status` is the HTTP status, if there was a
 * response. `type` is the API's problem type, such as `/problems/nothing-to-brew`: decide by it, never
 * by the message.
 */
export class ApiError extends Error {
	constructor(
		message: string,
		readonly status?: number,
		readonly type?: string
	) {
		super(message);
	}
}

/** Messages for invalid fields of a request, by field name. */
const FIELD_MESSAGES: Record<string, string> = {
	minutes: 'Please choose a number of minutes within the limits.',
	hosts: 'Please choose one or two hosts.',
	cap_usd: 'Please enter a spending limit between $0.01 and $1,000, or leave it empty.',
	title: 'Please enter a title of 1 to 200 characters.',
	name: 'Please enter a name of 1 to 80 characters.',
	code: 'This sign-in link is incomplete. Please copy the whole link.',
	time: 'Please choose a time of day.',
	weekday: 'Please choose a day of the week.',
	zone: 'Please choose a time zone from the list.',
	language: 'Please choose a language from the list.',
	style: 'Please choose a style from the list.',
	interests: 'Please describe your interests in at most 500 characters.',
	host_names: 'Please enter names of at most 40 letters, such as Ada or Jean-Luc.',
	label_id: 'Please choose a label from the list.',
	file: 'Please choose a file with the extension .eml, .emlx, .mbox or .zip.',
	email_ids: 'Please choose your newsletters again.'
};
const INVALID_FORM = 'Something in this form isn’t right. Please check it and try again.';

type Problem = { detail?: unknown; type?: unknown; errors?: unknown };

/** The message of an API problem. Anything else, such as a proxy's error page, is never shown. */
export function problemMessage(problem: unknown): string {
	const { detail, errors } = (problem ?? {}) as Problem;
	if (problemType(problem) === MALFORMED || (Array.isArray(errors) && errors.length)) {
		return fieldMessage(errors);
	}
	return typeof detail === 'string' && detail ? detail : UNKNOWN;
}

/** The message for the first known field in `errors`; the pointer `/body/cap_usd` means `cap_usd`. */
function fieldMessage(errors: unknown): string {
	if (!Array.isArray(errors)) return INVALID_FORM;
	const names = errors.flatMap((error: unknown) => {
		const pointer = (error as { pointer?: unknown } | null)?.pointer;
		return typeof pointer === 'string' ? pointer.split('/').reverse() : [];
	});
	const field = names.find((name) => Object.hasOwn(FIELD_MESSAGES, name));
	return field ? FIELD_MESSAGES[field]! : INVALID_FORM;
}

/** The type of an API problem, such as `/problems/episode-not-found`. */
export function problemType(problem: unknown): string | undefined {
	const type = (problem as Problem | null)?.type;
	return typeof type === 'string' ? type : undefined;
}

/** The message to show for any thrown value. */
export function errorMessage(error: unknown): string {
	if (error instanceof ApiError) return error.message;
	if (!(error instanceof ListenerChanged)) console.error(error);
	return UNKNOWN;
}

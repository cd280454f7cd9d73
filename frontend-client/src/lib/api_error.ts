/** What went wrong, in a sentence that a listener may read. */

import { ListenerChanged } from '$lib/listener_scope.svelte';

export const UNREACHABLE = 'AudioBrew does not answer. Is it still running?';
const UNKNOWN = 'Something went wrong on our side. Please try again.';
const MALFORMED = '/problems/malformed';

/**
 * Something that could not be done; `message` says what to do. `status` is HTTP's, if it came to an
 * answer, and `type` is the API's own, such as `/problems/nothing-to-brew`: decide by it, never by words.
 */
export class Trouble extends Error {
	constructor(
		message: string,
		readonly status?: number,
		readonly type?: string
	) {
		super(message);
	}
}

/** What a field of a request must be, by its name. */
const FIELDS: Record<string, string> = {
	minutes: 'Please choose a number of minutes within the limits.',
	hosts: 'Please choose one host or two.',
	cap_usd: 'Please enter a limit between $0.01 and $1000, or leave it empty.',
	title: 'Please enter a title of 1 to 200 characters.',
	name: 'Please enter a name of 1 to 80 characters.',
	code: 'This sign-in link is not complete. Please copy all of it.',
	time: 'Please choose a time of day.',
	weekday: 'Please choose a day of the week.',
	zone: 'Please choose a time zone from the list.',
	language: 'Please choose a language from the list.',
	style: 'Please choose a style from the list.',
	label_id: 'Please choose a label from the list.',
	file: 'Please choose a file with the extension .eml or .mbox.',
	email_ids: 'Please choose your newsletters again.'
};
const UNFIT = 'Something in this form is not right. Please check it and try again.';

type Problem = { detail?: unknown; type?: unknown; errors?: unknown };

/** The sentence in a problem of the API. What is not one (a proxy's page) is never shown. */
export function sentence(problem: unknown): string {
	const { detail, errors } = (problem ?? {}) as Problem;
	if (typeOf(problem) === MALFORMED || (Array.isArray(errors) && errors.length)) {
		return fieldSentence(errors);
	}
	return typeof detail === 'string' && detail ? detail : UNKNOWN;
}

/** About the first field that we know how to speak of: `/body/cap_usd` is the cap. */
function fieldSentence(errors: unknown): string {
	if (!Array.isArray(errors)) return UNFIT;
	const steps = errors.flatMap((error: unknown) => {
		const pointer = (error as { pointer?: unknown } | null)?.pointer;
		return typeof pointer === 'string' ? pointer.split('/').reverse() : [];
	});
	const known = steps.find((step) => Object.hasOwn(FIELDS, step));
	return known ? FIELDS[known]! : UNFIT;
}

/** The type of a problem of the API, such as `/problems/episode-not-found`. */
export function typeOf(problem: unknown): string | undefined {
	const type = (problem as Problem | null)?.type;
	return typeof type === 'string' ? type : undefined;
}

/** The sentence for anything that was thrown. */
export function told(thrown: unknown): string {
	if (thrown instanceof Trouble) return thrown.message;
	if (!(thrown instanceof ListenerChanged)) console.error(thrown);
	return UNKNOWN;
}

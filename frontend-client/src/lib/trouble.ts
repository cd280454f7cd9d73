/** What went wrong, in a sentence that a listener may read. */

export const UNREACHABLE = 'AudioBrew does not answer. Is it still running?';
const UNKNOWN = 'Something went wrong on our side. Please try again.';

/** Something that could not be done; `message` says what to do. `status` is HTTP's, if it came to an answer. */
export class Trouble extends Error {
	constructor(
		message: string,
		readonly status?: number
	) {
		super(message);
	}
}

/** The sentence in a problem of the API. What is not one (a proxy's page) is never shown. */
export function sentence(problem: unknown): string {
	const detail = (problem as { detail?: unknown } | null)?.detail;
	return typeof detail === 'string' && detail ? detail : UNKNOWN;
}

/** The sentence for anything that was thrown. */
export function told(thrown: unknown): string {
	if (thrown instanceof Trouble) return thrown.message;
	console.error(thrown);
	return UNKNOWN;
}

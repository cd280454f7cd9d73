/** What went wrong, in a sentence that a listener may read. */

export const UNREACHABLE = 'AudioBrew does not answer. Is it still running?';
const UNKNOWN = 'Something went wrong on our side. Please try again.';

/**
 * Something that could not be done; `message` says what to do. `status` is HTTP's, if it came to an
 * answer, and `kind` the API's own word for it, such as `nothing-to-brew`.
 */
export class Trouble extends Error {
	constructor(
		message: string,
		readonly status?: number,
		readonly kind?: string
	) {
		super(message);
	}
}

/** The sentence in a problem of the API. What is not one (a proxy's page) is never shown. */
export function sentence(problem: unknown): string {
	const detail = (problem as { detail?: unknown } | null)?.detail;
	return typeof detail === 'string' && detail ? detail : UNKNOWN;
}

/** The kind in a problem of the API. */
export function kind(problem: unknown): string | undefined {
	const type = (problem as { type?: unknown } | null)?.type;
	return typeof type === 'string' ? type.replace('/problems/', '') : undefined;
}

/** The sentence for anything that was thrown. */
export function told(thrown: unknown): string {
	if (thrown instanceof Trouble) return thrown.message;
	console.error(thrown);
	return UNKNOWN;
}

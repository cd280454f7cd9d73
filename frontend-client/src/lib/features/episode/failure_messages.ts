/** Messages for failed episodes, by problem type. Other types show the backend's own message. */

const PREFIX = '/problems/';

/** Whether an attempt with another limit may succeed. */
export function isCapFailure(type: string | null | undefined): boolean {
	return type === `${PREFIX}cap-reached` || type === `${PREFIX}price-unknown`;
}

const SENTENCES: Record<string, string> = {
	[`${PREFIX}cap-reached`]: 'Stopped at your limit. Finished parts are saved.',
	[`${PREFIX}price-unknown`]:
		'The price of a model is unknown, so your limit can’t be checked. Try again without a limit.'
};

/** Why the episode failed. */
export function failureMessage(
	type: string | null | undefined,
	said: string | null
): string | null {
	return (type && SENTENCES[type]) || said;
}

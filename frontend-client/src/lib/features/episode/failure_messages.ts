/** Messages for failed episodes, by problem type. Other types show the backend's own message. */

const PREFIX = '/problems/';

/** Whether an attempt with another limit may succeed. */
export function isCapFailure(type: string | null | undefined): boolean {
	return type === `${PREFIX}cap-reached` || type === `${PREFIX}price-unknown`;
}

const SENTENCES: Record<string, string> = {
	[`${PREFIX}cap-reached`]: 'Stopped at your spending limit. Finished parts are saved.',
	[`${PREFIX}price-unknown`]:
		'The price of an AI model is unknown, so your spending limit can’t be applied. Try again without a limit.'
};

/** Why the episode failed, or null if the backend does not say. */
export function failureMessage(
	type: string | null | undefined,
	backendMessage: string | null
): string | null {
	return (type && SENTENCES[type]) || backendMessage;
}

/** The maximum cost of an episode, as the listener types it. */

export const MIN_USD = 0.01;
export const MAX_USD = 1000;

/** `dollars` is null without a limit; `error` explains invalid input, or is empty. */
export type Cap = { dollars: number | null; error: string };

/** Parse an amount. Empty input means no limit; a comma is accepted as the decimal point. */
export function parseCap(input: string): Cap {
	const text = input.trim().replace(/^\$\s*/, '');
	if (!text) return { dollars: null, error: '' };
	if (!/^\d*[.,]?\d+$|^\d+[.,]$/.test(text)) {
		const negative = /^-/.test(text);
		return refuse(negative ? 'Enter at least $0.01' : 'Enter an amount in US dollars');
	}
	const dollars = Number(text.replace(',', '.'));
	if (dollars < MIN_USD) return refuse('Enter at least $0.01');
	if (dollars > MAX_USD) return refuse('Enter at most $1,000');
	return { dollars, error: '' };
}

function refuse(reason: string): Cap {
	return { dollars: null, error: `${reason}, or leave this empty for no limit.` };
}

/** Suggest a limit for the next attempt: twice the previous one, in whole cents. */
export function proposeCap(stoppedAt: number | null): string {
	return stoppedAt ? Math.min(MAX_USD, Math.ceil(stoppedAt * 200) / 100).toFixed(2) : '';
}

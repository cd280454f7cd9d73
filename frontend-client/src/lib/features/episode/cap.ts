/** What an episode may cost at most, as the listener types it. */

export const LEAST = 0.01;
export const MOST = 1000;

/** `dollars` is null without a limit; `trouble` says what is wrong with what was typed, or is empty. */
export type Cap = { dollars: number | null; trouble: string };

/** Empty: no limit. A comma is a decimal point, as half of the world types it. */
export function readCap(typed: string): Cap {
	const text = typed.trim().replace(/^\$\s*/, '');
	if (!text) return { dollars: null, trouble: '' };
	if (!/^\d*[.,]?\d+$|^\d+[.,]$/.test(text)) {
		const negative = /^-/.test(text);
		return refuse(negative ? 'At least $0.01' : 'Enter an amount in US dollars');
	}
	const dollars = Number(text.replace(',', '.'));
	if (dollars < LEAST) return refuse('At least $0.01');
	if (dollars > MOST) return refuse('At most $1,000');
	return { dollars, trouble: '' };
}

function refuse(why: string): Cap {
	return { dollars: null, trouble: `${why}, or empty for no limit.` };
}

/** A proposal for the next attempt: twice of what was not enough, in whole cents. */
export function raisedCap(stoppedAt: number | null): string {
	return stoppedAt ? Math.min(MOST, Math.ceil(stoppedAt * 200) / 100).toFixed(2) : '';
}

/** Costs and quotes as text. */

import type { BrewQuote } from '#lib/api/index.ts';
import { pluralize } from '#lib/format.ts';

/** 0.1234 → `$0.12`, 0.004 → `less than $0.01`, 0 → `$0.00`. */
export function formatCost(dollars: number): string {
	if (dollars <= 0) return '$0.00';
	return dollars < 0.01 ? 'less than $0.01' : `$${dollars.toFixed(2)}`;
}

/** `About 4 of 5 minutes from 8 newsletters. 36 AI requests, about $0.12.` */
export function describeQuote(
	{ minutes, newsletters, calls, cost_usd }: BrewQuote,
	requested: number
): string {
	const length =
		minutes < requested ? `About ${minutes} of ${requested} minutes` : pluralize(minutes, 'minute');
	const first = `${length} from ${pluralize(newsletters, 'newsletter')}.`;
	if (!calls) return `${first} Free.`;
	return `${first} ${pluralize(calls, 'AI request')}, ${describeEstimate(cost_usd)}.`;
}

function describeEstimate(dollars: number | null): string {
	if (dollars === null) return 'cost unknown';
	return dollars < 0.01 ? formatCost(dollars) : `about ${formatCost(dollars)}`;
}

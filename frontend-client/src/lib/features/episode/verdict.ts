/** What a model says of a sentence beside its sources, in words. */

import type { SentenceVerdict } from '#lib/api/index.ts';

/** Empty if no model was asked. */
export function describeVerdict(verdict: SentenceVerdict | null | undefined): string {
	if (!verdict) return '';
	const words = verdict.words ? `“${verdict.words}”` : 'some of it';
	switch (verdict.outcome) {
		case 'supported':
			return 'Checked against its source.';
		case 'replaced':
			return `Replaced by the newsletter’s own sentence, because ${words} didn’t match the source.`;
		case 'contradicted':
		case 'not_in_source':
			return `Checked against its source: ${words} doesn’t match.`;
	}
}

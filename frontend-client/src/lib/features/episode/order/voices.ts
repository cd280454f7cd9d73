/** Who speaks an ordered episode, as text. */

import type { BrewQuote, QuotedVoices } from '#lib/api/index.ts';

/**
 * `Spoken by Heart and Michael.` With several languages, each has its own sentence:
 * `English: Heart and Michael. German: Pico.`
 */
export function describeVoices({ voices }: Pick<BrewQuote, 'voices'>): string {
	if (voices.length === 1) return `Spoken by ${namesOf(voices[0]!)}.`;
	const names = new Intl.DisplayNames(['en'], { type: 'language' });
	return voices.map((one) => `${names.of(one.language)}: ${namesOf(one)}.`).join(' ');
}

/** Better voices that this service lacks, each once; empty if it lacks none. */
export function missingVoices({ voices }: Pick<BrewQuote, 'voices'>): string[] {
	return [...new Set(voices.flatMap(({ note }) => note.split('; ')).filter(Boolean))];
}

/** Without a second voice, both hosts have the same one; the second one may sound otherwise ("Heart, lower"). */
function namesOf({ first, second }: QuotedVoices): string {
	if (!second) return first;
	if (second === first) return `${first} as both hosts`;
	const [name, ...manner] = second.split(', ');
	if (name !== first) return `${first} and ${second}`;
	return `${first} as both hosts (the second one ${manner.join(', ')})`;
}

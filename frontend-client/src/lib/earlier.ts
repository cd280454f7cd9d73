/** The sentence of an earlier episode that told something first. */

import type { EarlierSentence } from '#lib/api/index.ts';

const DAY = 86_400_000;

/** `Told today`, `Told yesterday`, `Told on Monday`, `Told on 3 Nov` or `Told on 3 Nov 2025`. */
export function describeEarlier({ day }: EarlierSentence, now = new Date()): string {
	const date = new Date(`${day}T00:00:00Z`);
	const today = Date.UTC(now.getFullYear(), now.getMonth(), now.getDate());
	const days = Math.round((today - date.getTime()) / DAY);
	if (days === 0) return 'Told today';
	if (days === 1) return 'Told yesterday';
	const timeZone = 'UTC';
	if (days > 1 && days < 7)
		return `Told on ${date.toLocaleDateString('en-GB', { weekday: 'long', timeZone })}`;
	const year = date.getUTCFullYear() === now.getFullYear() ? undefined : 'numeric';
	const words = { day: 'numeric', month: 'short', year, timeZone } as const;
	return `Told on ${date.toLocaleDateString('en-GB', words)}`;
}

/** The address of the sentence, or null if its episode was deleted. */
export function linkToEarlier({ episode_id, sentence_id }: EarlierSentence): string | null {
	return episode_id && `/dashboard/podcast/${episode_id}#sentence-${sentence_id}`;
}

/** The id of the sentence to which an address leads, or null. */
export function sentenceOfHash(hash: string): number | null {
	const match = /^#sentence-(\d{1,9})$/.exec(hash);
	return match ? Number(match[1]) : null;
}

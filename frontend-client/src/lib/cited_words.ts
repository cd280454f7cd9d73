/** Which words of a source paragraph a spoken sentence repeats. */

type Word = { key: string; start: number; end: number };

/** Fewer repeated words than this share of the sentence are a coincidence. */
const MIN_SHARE = 0.4;

/**
 * The part of `source` that has most of the sentence's words, as indexes of its characters, or null if no part
 * has enough of them.
 */
export function findCitedWords(
	sentence: string,
	source: string
): { start: number; end: number } | null {
	const spoken = new Set(listWords(sentence).map(({ key }) => key));
	const words = listWords(source);
	let best = { value: 0, count: 0, from: 0, to: 0 };
	for (const [from, first] of words.entries()) {
		if (!spoken.has(first.key)) continue;
		const found = new Set<string>();
		// Every word of the sentence counts once; every other word of the part counts against it.
		let others = 0;
		for (let to = from; to < words.length && to - from < 2 * spoken.size + 4; to++) {
			const { key } = words[to]!;
			if (!spoken.has(key)) others++;
			else found.add(key);
			const value = found.size - others / 2;
			if (value > best.value) best = { value, count: found.size, from, to };
		}
	}
	if (!spoken.size || best.count / spoken.size < MIN_SHARE) return null;
	return { start: words[best.from]!.start, end: words[best.to]!.end };
}

function listWords(text: string): Word[] {
	return Array.from(text.matchAll(/[\p{L}\p{N}\p{M}]+/gu), ({ 0: word, index }) => ({
		key: word.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase(),
		start: index,
		end: index + word.length
	}));
}

/** The words of a sentence, and whether two are the same to AudioBrew. */

/** The different words of a sentence in their order, without the punctuation around them. */
export function wordsOf(sentence: string, language: string): string[] {
	const segmenter = new Intl.Segmenter(language, { granularity: 'word' });
	const hasSpaces = /\s/.test(sentence.trim());
	const pieces = hasSpaces
		? sentence
				.split(/\s+/u)
				.map((piece) => piece.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{M}\p{N}]+$/gu, ''))
		: [...segmenter.segment(sentence)]
				.filter((part) => part.isWordLike)
				.map((part) => part.segment);
	// ’s belongs to the grammar of the sentence, not to the name.
	const words = pieces
		.map((piece) => piece.replace(/[’']s$/u, ''))
		.filter((piece) => /\p{L}/u.test(piece));
	return words.filter((word, place) => words.findIndex((one) => isSameWord(one, word)) === place);
}

export function isSameWord(one: string, other: string): boolean {
	return key(one) === key(other);
}

function key(word: string): string {
	return word.normalize('NFC').toLowerCase().trim().replace(/\s+/gu, ' ');
}

/** Read a text aloud with the browser's own voice. Returns false if the browser has none. */
export function readAloud(text: string, language: string): boolean {
	if (typeof speechSynthesis === 'undefined') return false;
	const utterance = new SpeechSynthesisUtterance(text);
	utterance.lang = language;
	speechSynthesis.cancel();
	speechSynthesis.speak(utterance);
	return true;
}

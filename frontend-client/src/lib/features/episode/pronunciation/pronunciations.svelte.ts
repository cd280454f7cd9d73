/** How the listener wants words to be said. */

import { perListener } from '#lib/listener_scope.svelte.ts';
import { ApiError } from '#lib/api_error.ts';
import {
	deletePronunciation,
	listPronunciations,
	putPronunciation,
	unwrap,
	type StoredWord
} from '#lib/backend.ts';
import { isSameWord } from './words';

class Pronunciations {
	/** In alphabetical order; null until loaded. */
	list = $state<StoredWord[] | null>(null);

	async load() {
		this.list = await unwrap(listPronunciations());
	}

	/** How this word is said, if the listener has said so. */
	find(word: string): StoredWord | undefined {
		return this.list?.find((entry) => isSameWord(entry.word, word));
	}

	async put(word: string, say: string) {
		await unwrap(putPronunciation({ body: { word, say } }));
		await this.load();
	}

	/** Delete a word, unless another tab did so already. */
	async delete({ id }: StoredWord) {
		try {
			await unwrap(deletePronunciation({ path: { id } }));
		} catch (error) {
			const isGone =
				error instanceof ApiError && error.type === '/problems/pronunciation-not-found';
			if (!isGone) throw error;
		}
		this.list = this.list?.filter((entry) => entry.id !== id) ?? null;
	}
}

export const pronunciations = perListener(() => new Pronunciations());

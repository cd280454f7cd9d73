/** The script of one episode, as last loaded. */

import {
	unwrap,
	changeSentence,
	getPodcastScript,
	type EpisodeScript,
	type SentencePatch
} from '#lib/backend.ts';
import { errorMessage } from '#lib/api_error.ts';
import { connection } from '#lib/connection.svelte.ts';
import { deviceEpisodes } from './downloads/device_episodes.svelte';

export class ScriptReader {
	script = $state.raw<EpisodeScript | null>(null);
	error = $state('');
	readonly #id: string;
	#number = 0;

	constructor(id: string) {
		this.#id = id;
	}

	/** Load the script. The previous one stays until there is a response, and after a failure. */
	async load() {
		const number = ++this.#number;
		this.error = '';
		try {
			const script = await unwrap(getPodcastScript({ path: { id: this.#id } }));
			if (number === this.#number) this.script = script;
		} catch (error) {
			const copy = connection.isLost ? await deviceEpisodes.find(this.#id) : null;
			if (number !== this.#number) return;
			if (copy) this.script ??= copy.script;
			else this.error = errorMessage(error);
		}
	}

	/** Change a sentence of a script that waits. Raises `ApiError` if it was refused. */
	async change(sentence: number, changes: SentencePatch) {
		const number = ++this.#number;
		const path = { id: this.#id, number: sentence };
		const script = await unwrap(changeSentence({ path, body: changes }));
		if (number === this.#number) this.script = script;
	}
}

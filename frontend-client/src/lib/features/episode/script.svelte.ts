/** The script of one episode: read when the page asks for it, and kept until the page asks again. */

import { answer, getPodcastScript, type EpisodeScript } from '$lib/backend';
import { told } from '$lib/api_error';

export class ScriptReader {
	script = $state.raw<EpisodeScript | null>(null);
	trouble = $state('');
	readonly #id: string;
	#number = 0;

	constructor(id: string) {
		this.#id = id;
	}

	/** What was read before stays until there is an answer, and after a failure. */
	async read() {
		const number = ++this.#number;
		this.trouble = '';
		try {
			const script = await answer(getPodcastScript({ path: { id: this.#id } }));
			if (number === this.#number) this.script = script;
		} catch (thrown) {
			if (number === this.#number) this.trouble = told(thrown);
		}
	}
}

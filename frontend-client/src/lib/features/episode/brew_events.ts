/**
 * What becomes of all brews of one listener: one stream for all of them, shared by the tabs of a browser.
 *
 * One tab holds the stream (a Web Lock says which) and passes on what it hears; when it closes, another one
 * takes over. Where tabs cannot agree, or the backend has no such stream, each asks for its list instead.
 */

import { followBrews, type OpenBrew, type PodcastEvent } from '$lib/backend';
import { connection } from '$lib/connection.svelte';
import { openChannel, type Channel } from '$lib/tab_channel';

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 15_000;
const POLL_EVERY = 5_000;

export type Brew = OpenBrew;
/** `changed`: a tab of this browser renamed, ordered or retried an episode. */
export type TabEvent = PodcastEvent | { event: 'changed' };
type Message = { tell: TabEvent } | { ask: 'snapshot' };

type Outcome = 'heard' | 'silent' | 'refused' | 'too many';

export type Hearing = {
	/** Whose brews they are. */
	listener: string;
	/** Ends everything. */
	signal: AbortSignal;
	hear: (event: TabEvent) => void;
	/** Instead of events: the list is to be asked for again. */
	poll: () => Promise<void>;
};

export class BrewEvents {
	#hearing: Hearing;
	#channel: Channel<Message>;
	/** Every open brew as it was told last, for a tab that has just been opened. */
	#open = new Map<string, Brew>();
	#leads = false;

	constructor(hearing: Hearing) {
		this.#hearing = hearing;
		const name = `audiobrew.brews.${hearing.listener}`;
		this.#channel = openChannel<Message>(name, (message) => this.#received(message));
		hearing.signal.addEventListener('abort', () => this.#channel.close(), { once: true });
		void this.#take(name);
	}

	/** Other tabs should look again. */
	changed() {
		this.#channel.post({ tell: { event: 'changed' } });
	}

	/** Wait for the turn to hold the stream, and hold it for as long as this tab and listener last. */
	async #take(name: string) {
		const { signal } = this.#hearing;
		const locks = globalThis.navigator?.locks;
		if (!locks) return void (await this.#poll());
		this.#channel.post({ ask: 'snapshot' });
		try {
			await locks.request(name, { signal }, () => this.#lead());
		} catch (thrown) {
			if (!signal.aborted)
				await this.#poll(); // locks are not to be had here, say in a private window
			else if (!(thrown instanceof Error)) throw thrown;
		}
	}

	async #lead() {
		this.#leads = true;
		const { signal } = this.#hearing;
		let wait = FIRST_PAUSE;
		while (!signal.aborted) {
			const outcome = await this.#follow();
			if (outcome === 'refused') {
				// A backend without this stream: the other tabs hear what this one asks for.
				await this.#poll(() => this.#channel.post({ tell: { event: 'changed' } }));
				return;
			}
			if (outcome === 'heard') wait = FIRST_PAUSE;
			else if (outcome === 'too many') await this.#hearing.poll().catch(() => {});
			await pause(wait, signal);
			wait = Math.min(wait * 2, LONGEST_PAUSE);
		}
	}

	/** Hear one stream to its end. */
	async #follow(): Promise<Outcome> {
		const { signal } = this.#hearing;
		let outcome: Outcome = 'silent';
		const { stream, status } = await followBrews(signal);
		for await (const event of stream) {
			if (signal.aborted) break;
			outcome = 'heard';
			this.#keep(event);
			this.#hearing.hear(event);
			this.#channel.post({ tell: event });
		}
		const answered = status() ?? 0;
		if (outcome === 'heard') return outcome;
		if (answered === 429) return 'too many';
		return answered >= 400 && answered < 500 ? 'refused' : 'silent';
	}

	#keep(event: PodcastEvent) {
		if (event.event === 'snapshot') {
			this.#open = new Map(event.brews.map((brew) => [brew.podcast_id, brew]));
		} else if (event.event === 'progress') this.#open.set(event.podcast_id, event);
		else this.#open.delete(event.podcast_id);
	}

	#received(message: Message) {
		if (this.#hearing.signal.aborted) return;
		if ('tell' in message) this.#hearing.hear(message.tell);
		else if (this.#leads) {
			this.#channel.post({ tell: { event: 'snapshot', brews: [...this.#open.values()] } });
		}
	}

	async #poll(asked = () => {}) {
		const { signal, poll } = this.#hearing;
		while (!signal.aborted) {
			await pause(POLL_EVERY, signal);
			if (signal.aborted) return;
			if (!connection.lost) await poll().catch(() => {});
			asked();
		}
	}
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		if (signal.aborted) return resolve();
		const end = () => {
			clearTimeout(timer);
			stop();
			signal.removeEventListener('abort', end);
			resolve();
		};
		const timer = setTimeout(end, milliseconds);
		const stop = connection.onRecovery(end);
		signal.addEventListener('abort', end, { once: true });
	});
}

/**
 * Events of all brews of one listener, from one stream that the tabs of a browser share.
 *
 * One tab holds the stream (elected by a Web Lock) and forwards the events; when it closes, another
 * tab takes over. Without Web Locks, or without such a stream at the backend, each tab polls its list
 * instead.
 */

import { followBrews, type OpenBrew, type PodcastEvent } from '#lib/backend.ts';
import { connection } from '#lib/connection.svelte.ts';
import { openChannel, type Channel } from '#lib/tab_channel.ts';

const FIRST_DELAY = 1_000;
const LONGEST_DELAY = 15_000;
const POLL_INTERVAL = 5_000;

export type Brew = OpenBrew;
/** `changed`: another tab renamed, ordered or retried an episode. */
export type TabEvent = PodcastEvent | { event: 'changed' };
/** The tabs may run different versions of the app, so these names stay. */
type Message = { tell: TabEvent } | { ask: 'snapshot' };

type Outcome = 'received' | 'silent' | 'refused' | 'too many';

export type BrewEventsOptions = {
	/** The listener's id. */
	listener: string;
	/** Stops everything when aborted. */
	signal: AbortSignal;
	onEvent: (event: TabEvent) => void;
	/** Called instead of `onEvent` where there are no events: reload the list. */
	poll: () => Promise<void>;
};

export class BrewEvents {
	#options: BrewEventsOptions;
	#channel: Channel<Message>;
	/** The last state of every open brew, for tabs that open later. */
	#openBrews = new Map<string, Brew>();
	#isLeader = false;

	constructor(options: BrewEventsOptions) {
		this.#options = options;
		const name = `audiobrew.brews.${options.listener}`;
		this.#channel = openChannel<Message>(name, (message) => this.#handleMessage(message));
		options.signal.addEventListener('abort', () => this.#channel.close(), { once: true });
		void this.#runWithLock(name);
	}

	/** Tell other tabs to reload. */
	announceChange() {
		this.#channel.post({ tell: { event: 'changed' } });
	}

	/** Wait for the lock, then hold the stream for the lifetime of this tab and listener. */
	async #runWithLock(name: string) {
		const { signal } = this.#options;
		const locks = globalThis.navigator?.locks;
		if (!locks) return void (await this.#poll());
		this.#channel.post({ ask: 'snapshot' });
		try {
			await locks.request(name, { signal }, () => this.#lead());
		} catch (error) {
			if (!signal.aborted)
				await this.#poll(); // locks are not available, for example in a private window
			else if (!(error instanceof Error)) throw error;
		}
	}

	async #lead() {
		this.#isLeader = true;
		const { signal } = this.#options;
		let delay = FIRST_DELAY;
		while (!signal.aborted) {
			const outcome = await this.#follow();
			if (outcome === 'refused') {
				// The backend has no such stream: poll, and tell the other tabs to reload after each poll.
				await this.#poll(() => this.#channel.post({ tell: { event: 'changed' } }));
				return;
			}
			if (outcome === 'received') delay = FIRST_DELAY;
			else if (outcome === 'too many') await this.#options.poll().catch(() => {});
			await wait(delay, signal);
			delay = Math.min(delay * 2, LONGEST_DELAY);
		}
	}

	/** Read one stream to its end. */
	async #follow(): Promise<Outcome> {
		const { signal } = this.#options;
		let outcome: Outcome = 'silent';
		const { stream, status } = await followBrews(signal);
		for await (const event of stream) {
			if (signal.aborted) break;
			outcome = 'received';
			this.#record(event);
			this.#options.onEvent(event);
			this.#channel.post({ tell: event });
		}
		const statusCode = status() ?? 0;
		if (outcome === 'received') return outcome;
		if (statusCode === 429) return 'too many';
		return statusCode >= 400 && statusCode < 500 ? 'refused' : 'silent';
	}

	#record(event: PodcastEvent) {
		if (event.event === 'snapshot') {
			this.#openBrews = new Map(event.brews.map((brew) => [brew.podcast_id, brew]));
		} else if (event.event === 'progress') this.#openBrews.set(event.podcast_id, event);
		else this.#openBrews.delete(event.podcast_id);
	}

	#handleMessage(message: Message) {
		if (this.#options.signal.aborted) return;
		if ('tell' in message) this.#options.onEvent(message.tell);
		else if (this.#isLeader) {
			this.#channel.post({ tell: { event: 'snapshot', brews: [...this.#openBrews.values()] } });
		}
	}

	async #poll(onPoll = () => {}) {
		const { signal, poll } = this.#options;
		while (!signal.aborted) {
			await wait(POLL_INTERVAL, signal);
			if (signal.aborted) return;
			if (!connection.isLost) await poll().catch(() => {});
			onPoll();
		}
	}
}

function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
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

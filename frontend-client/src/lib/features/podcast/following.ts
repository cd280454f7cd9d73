/** The events of one brew, until its end, across lost connections. */

import { followPodcast, type BrewEnd, type BrewProgress } from '$lib/backend';
import { Trouble } from '$lib/trouble';

const PAUSE = 1500;

/**
 * Yield each event once. Ends with the brew, when `signal` says so, or when `goesOn` (asked after
 * each lost connection) says no or is refused an answer.
 */
export async function* following(
	id: string,
	signal: AbortSignal,
	goesOn: () => Promise<boolean>
): AsyncGenerator<BrewProgress | BrewEnd> {
	let last: number | undefined;
	do {
		const { stream } = await followPodcast({
			path: { id },
			signal,
			headers: last === undefined ? {} : { 'last-event-id': last },
			onSseEvent: (event) => (last = event.id ? Number(event.id) : last),
			sseDefaultRetryDelay: 0,
			sseMaxRetryAttempts: 1 // tried again here, where a stream that merely stops is seen as well
		});
		for await (const event of stream) {
			yield event;
			if (event.event === 'end') return;
		}
		await pause(signal);
	} while (!signal.aborted && (await unlessRefused(goesOn)));
}

/** While the backend is out of reach, the brew may still go on. */
async function unlessRefused(goesOn: () => Promise<boolean>): Promise<boolean> {
	try {
		return await goesOn();
	} catch (thrown) {
		if (thrown instanceof Trouble) return thrown.status === undefined;
		throw thrown;
	}
}

function pause(signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		const timer = setTimeout(resolve, PAUSE);
		signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
	});
}

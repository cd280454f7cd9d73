/** Messages from tab to tab of this browser; where it has no channels, nobody hears them. */

export type Channel<T> = { post: (message: T) => void; close: () => void };

/** Hear what other tabs say under this name. Their messages never come back to the tab that sent them. */
export function openChannel<T>(name: string, onMessage: (message: T) => void): Channel<T> {
	if (typeof BroadcastChannel === 'undefined' || typeof window === 'undefined') {
		return { post: () => {}, close: () => {} };
	}
	const channel = new BroadcastChannel(name);
	channel.onmessage = ({ data }) => onMessage(data as T);
	return {
		post: (message) => {
			try {
				channel.postMessage(message);
			} catch {
				// It was closed meanwhile.
			}
		},
		close: () => channel.close()
	};
}

/** Messages between the tabs of this browser. Without BroadcastChannel, nothing is sent. */

export type Channel<T> = { post: (message: T) => void; close: () => void };

/** Receive the messages that other tabs send under this name. A tab does not receive its own. */
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
				// The channel is closed.
			}
		},
		close: () => channel.close()
	};
}

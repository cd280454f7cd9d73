/** Short words to the listener: what was done, or why it was not. */

import { perListener } from '$lib/listener_scope.svelte';
import { told } from '$lib/api_error';

export type Notice = { id: number; text: string; bad: boolean };

const SHOWN = 7000;

class Notices {
	list = $state<Notice[]>([]);
	#next = 0;

	say(text: string, bad = false) {
		const id = this.#add(text, bad);
		setTimeout(() => this.dismiss(id), SHOWN);
	}

	/** Show it until the listener dismisses it. */
	warn(text: string) {
		this.#add(text, true);
	}

	#add(text: string, bad: boolean): number {
		const id = this.#next++;
		this.list.push({ id, text, bad });
		return id;
	}

	dismiss(id: number) {
		this.list = this.list.filter((notice) => notice.id !== id);
	}

	/** Do it; when it fails, say why. True when it was done. */
	async attempt(act: () => Promise<unknown>, done?: string): Promise<boolean> {
		try {
			await act();
		} catch (thrown) {
			this.say(told(thrown), true);
			return false;
		}
		if (done) this.say(done);
		return true;
	}
}

export const notices = perListener(() => new Notices());

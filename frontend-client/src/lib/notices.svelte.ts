/** Short messages to the listener: success or failure. */

import { perListener } from '#lib/listener_scope.svelte.ts';
import { errorMessage } from '#lib/api_error.ts';

export type Notice = { id: number; text: string; isError: boolean };

const VISIBLE_MS = 7000;

class Notices {
	list = $state<Notice[]>([]);
	#next = 0;

	show(text: string, isError = false) {
		const id = this.#add(text, isError);
		setTimeout(() => this.dismiss(id), VISIBLE_MS);
	}

	/** Show a message until the listener dismisses it. */
	warn(text: string) {
		this.#add(text, true);
	}

	#add(text: string, isError: boolean): number {
		const id = this.#next++;
		this.list.push({ id, text, isError });
		return id;
	}

	dismiss(id: number) {
		this.list = this.list.filter((notice) => notice.id !== id);
	}

	/** Run an action and show an error message if it fails. Returns whether it succeeded. */
	async attempt(action: () => Promise<unknown>, successText?: string): Promise<boolean> {
		try {
			await action();
		} catch (error) {
			this.show(errorMessage(error), true);
			return false;
		}
		if (successText) this.show(successText);
		return true;
	}
}

export const notices = perListener(() => new Notices());

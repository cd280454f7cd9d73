/**
 * The invitation in the address bar: opens an account on a server of one's own.
 *
 * The link works once. Its code leaves the address bar, and stays in this tab until the account is open, so
 * that it survives a reload.
 */

import {
	anonymous,
	openInvitation,
	unwrapAnonymous,
	type InvitationDetails
} from '#lib/backend.ts';
import { ApiError } from '#lib/api_error.ts';
import { tabStorage } from '#lib/storage.ts';

const KEY = 'audiobrew.invitation';
const REFUSED = '/problems/invitation-refused';

class Invitation {
	/** Null without an invitation. */
	#code = $state(tabStorage.read(KEY));

	get code() {
		return this.#code;
	}

	set code(code: string | null) {
		this.#code = code;
		if (code) tabStorage.write(KEY, code);
		else tabStorage.remove(KEY);
	}

	/** Take the code out of the address bar. */
	readFromAddress() {
		const code = new URLSearchParams(location.hash.slice(1)).get('invitation');
		if (!code) return;
		history.replaceState(history.state, '', location.pathname + location.search);
		this.code = code;
	}

	/** A code that does not work any more is forgotten by the next reload. */
	async open(): Promise<InvitationDetails> {
		try {
			return await unwrapAnonymous(
				openInvitation({ body: { code: this.code ?? '' }, ...anonymous })
			);
		} catch (error) {
			if (error instanceof ApiError && error.type === REFUSED) tabStorage.remove(KEY);
			throw error;
		}
	}
}

export const invitation = new Invitation();

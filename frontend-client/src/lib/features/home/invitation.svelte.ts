/** The invitation in the address bar: opens an account on a server of one's own. */

import {
	anonymous,
	openInvitation,
	unwrapAnonymous,
	type InvitationDetails
} from '#lib/backend.ts';

class Invitation {
	/** Null without an invitation. */
	code = $state<string | null>(null);

	/** Take the code out of the address bar. */
	readFromAddress() {
		const code = new URLSearchParams(location.hash.slice(1)).get('invitation');
		if (!code) return;
		history.replaceState(history.state, '', location.pathname + location.search);
		this.code = code;
	}

	open(): Promise<InvitationDetails> {
		return unwrapAnonymous(openInvitation({ body: { code: this.code ?? '' }, ...anonymous }));
	}
}

export const invitation = new Invitation();

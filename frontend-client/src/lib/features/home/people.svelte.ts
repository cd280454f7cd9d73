/** The people on a server of one's own, and the invitations that its owner sent. */

import {
	createInvitation,
	createSignInLink,
	listInvitations,
	listPeople,
	removePerson,
	unwrap,
	withdrawInvitation,
	type Invitation,
	type Person
} from '#lib/backend.ts';
import { perListener } from '#lib/listener_scope.svelte.ts';

class People {
	list = $state.raw<Person[] | null>(null);
	invitations = $state.raw<Invitation[]>([]);

	async load() {
		const [people, invitations] = await Promise.all([
			unwrap(listPeople()),
			unwrap(listInvitations())
		]);
		this.list = people;
		this.invitations = invitations;
	}

	/** Invite somebody, and return the link to send. */
	async invite(note: string): Promise<string> {
		const { link } = await unwrap(createInvitation({ body: { note } }));
		await this.load();
		return link;
	}

	async withdraw(id: string) {
		await unwrap(withdrawInvitation({ path: { id } }));
		await this.load();
	}

	async remove(id: string) {
		await unwrap(removePerson({ path: { id } }));
		await this.load();
	}

	/** A one-time link for somebody who lost every way to sign in. */
	async signInLink(id: string): Promise<string> {
		return (await unwrap(createSignInLink({ path: { id } }))).link;
	}
}

export const people = perListener(() => new People());

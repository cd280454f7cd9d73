/** The listener's mails, and which of them the next episode is made from. */

import { perListener } from '$lib/listener_scope.svelte';
import { SvelteSet } from 'svelte/reactivity';
import {
	answer,
	changeMail,
	deleteMail,
	getMail,
	listMail,
	uploadMail,
	type Mail,
	type MailWithBlocks,
	type SkippedMail
} from '$lib/backend';
import { Trouble } from '$lib/api_error';

const PAGE = 200;
/** Refusals of what is in a file: bad request, too large, unsupported, unreadable. */
const OF_THE_FILE = [400, 413, 415, 422];

class Inbox {
	/** Newest first; null until they were asked for. */
	mails = $state<Mail[] | null>(null);
	/** Whether there are older ones that were not asked for yet. */
	more = $state(false);
	/** Ids of mails that the listener does not want in the next episode. */
	readonly left = new SvelteSet<string>();
	/** What was not taken of the last upload. */
	skipped = $state<SkippedMail[]>([]);

	readonly newsletters = $derived(this.mails?.filter((mail) => mail.newsletter) ?? []);
	/** What an order of everything new would take, as far as it was asked for. */
	readonly fresh = $derived(this.newsletters.filter((mail) => mail.is_new));
	readonly others = $derived(this.mails?.filter((mail) => !mail.newsletter) ?? []);
	readonly chosen = $derived(this.newsletters.filter((mail) => !this.left.has(mail.id)));

	async load() {
		const newest = await answer(listMail({ query: { limit: PAGE } }));
		this.mails = newest;
		this.more = newest.length === PAGE;
	}

	async loadMore() {
		const known = this.mails ?? [];
		const before = known.at(-1)?.id;
		const older = await answer(listMail({ query: { limit: PAGE, before } }));
		this.mails = [...known, ...older];
		this.more = older.length === PAGE;
	}

	/**
	 * Upload one file: how many mails came of it. One that cannot be read is noted in `skipped`; raises
	 * what keeps all others from being read, too.
	 */
	async add(file: File): Promise<number> {
		try {
			const { mails, skipped } = await answer(uploadMail({ body: { file } }));
			this.skipped.push(...skipped);
			return mails.length;
		} catch (thrown) {
			if (!(thrown instanceof Trouble && OF_THE_FILE.includes(thrown.status ?? 0))) throw thrown;
			this.skipped.push({ name: file.name, reason: thrown.message });
			return 0;
		}
	}

	choose(mail: Mail, wanted: boolean) {
		if (wanted) this.left.delete(mail.id);
		else this.left.add(mail.id);
	}

	chooseAll(wanted: boolean) {
		for (const mail of this.newsletters) this.choose(mail, wanted);
	}

	read(id: string): Promise<MailWithBlocks> {
		return answer(getMail({ path: { id } }));
	}

	/** Tell blocks again that were cut, or cut what would be told. */
	async change(id: string, changes: { restore?: string[]; cut?: string[] }) {
		const mail = await answer(changeMail({ path: { id }, body: changes }));
		this.mails = this.mails?.map((known) => (known.id === id ? mail : known)) ?? null;
		return mail;
	}

	async remove(id: string) {
		await answer(deleteMail({ path: { id } }));
		this.mails = this.mails?.filter((mail) => mail.id !== id) ?? null;
		this.left.delete(id);
	}
}

export const inbox = perListener(() => new Inbox());

/** The listener's mails, and which of them the next episode is made from. */

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

const PAGE = 200;

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

	/** Upload one after the other. What one file holds does not keep the next from being taken. */
	async upload(files: readonly File[]): Promise<{ taken: number; trouble: unknown }> {
		let taken = 0;
		let trouble: unknown = null;
		this.skipped = [];
		for (const file of files) {
			try {
				const { mails, skipped } = await answer(uploadMail({ body: { file } }));
				taken += mails.length;
				this.skipped = [...this.skipped, ...skipped];
			} catch (thrown) {
				trouble = thrown;
				break;
			}
		}
		await this.load();
		return { taken, trouble };
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

export const inbox = new Inbox();

/** The listener's mails, and which of them the next episode is made from. */

import { perListener } from '$lib/listener_scope.svelte';
import { SvelteSet } from 'svelte/reactivity';
import {
	unwrap,
	changeMail,
	deleteMail,
	getMail,
	listMail,
	uploadMail,
	type Mail,
	type MailWithBlocks,
	type SkippedMail
} from '$lib/backend';
import { ApiError } from '$lib/api_error';

const PAGE = 200;
/** Refusals of what is in a file: bad request, too large, unsupported, unreadable. */
const FILE_ERROR_STATUSES = [400, 413, 415, 422];

class Inbox {
	/** Newest first; null until they were asked for. */
	mails = $state<Mail[] | null>(null);
	/** Whether there are older ones that were not asked for yet. */
	hasMore = $state(false);
	/** Ids of mails that the listener does not want in the next episode. */
	readonly excludedMailIds = new SvelteSet<string>();
	/** What was not taken of the last upload. */
	skippedMails = $state<SkippedMail[]>([]);

	readonly newsletters = $derived(this.mails?.filter((mail) => mail.newsletter) ?? []);
	/** What an order of everything new would take, as far as it was asked for. */
	readonly newNewsletters = $derived(this.newsletters.filter((mail) => mail.is_new));
	readonly otherMails = $derived(this.mails?.filter((mail) => !mail.newsletter) ?? []);
	readonly selection = $derived(
		this.newsletters.filter((mail) => !this.excludedMailIds.has(mail.id))
	);

	async load() {
		const newest = await unwrap(listMail({ query: { limit: PAGE } }));
		this.mails = newest;
		this.hasMore = newest.length === PAGE;
	}

	async loadMore() {
		const known = this.mails ?? [];
		const before = known.at(-1)?.id;
		const older = await unwrap(listMail({ query: { limit: PAGE, before } }));
		this.mails = [...known, ...older];
		this.hasMore = older.length === PAGE;
	}

	/**
	 * Upload one file: how many mails came of it. One that cannot be read is noted in `skipped`; raises
	 * what keeps all others from being read, too.
	 */
	async add(file: File): Promise<number> {
		try {
			const { mails, skipped } = await unwrap(uploadMail({ body: { file } }));
			this.skippedMails.push(...skipped);
			return mails.length;
		} catch (error) {
			if (!(error instanceof ApiError && FILE_ERROR_STATUSES.includes(error.status ?? 0)))
				throw error;
			this.skippedMails.push({ name: file.name, reason: error.message });
			return 0;
		}
	}

	select(mail: Mail, isSelected: boolean) {
		if (isSelected) this.excludedMailIds.delete(mail.id);
		else this.excludedMailIds.add(mail.id);
	}

	selectAll(isSelected: boolean) {
		for (const mail of this.newsletters) this.select(mail, isSelected);
	}

	readMail(id: string): Promise<MailWithBlocks> {
		return unwrap(getMail({ path: { id } }));
	}

	/** Tell blocks again that were cut, or cut what would be told. */
	async change(id: string, changes: { restore?: string[]; cut?: string[] }) {
		const mail = await unwrap(changeMail({ path: { id }, body: changes }));
		this.mails = this.mails?.map((known) => (known.id === id ? mail : known)) ?? null;
		return mail;
	}

	async remove(id: string) {
		await unwrap(deleteMail({ path: { id } }));
		this.mails = this.mails?.filter((mail) => mail.id !== id) ?? null;
		this.excludedMailIds.delete(id);
	}
}

export const inbox = perListener(() => new Inbox());

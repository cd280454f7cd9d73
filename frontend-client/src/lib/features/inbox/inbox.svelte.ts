/** The listener's emails, and the selection for the next episode. */

import { perListener } from '#lib/listener_scope.svelte.ts';
import { SvelteMap } from 'svelte/reactivity';
import {
	unwrap,
	changeMail,
	deleteMail,
	getMail,
	listMail,
	uploadMail,
	type BlockChanges,
	type Mail,
	type MailWithBlocks,
	type SkippedMail
} from '#lib/backend.ts';
import { ApiError } from '#lib/api_error.ts';
import { newerCopy } from './copies';

/** Blocks to restore or cut, and whether the sender sends newsletters. */
export type MailChanges = Partial<BlockChanges>;

const PAGE_SIZE = 200;
/** Statuses about the content of a file: bad request, too large, unsupported type, unreadable. */
const FILE_ERROR_STATUSES = [400, 413, 415, 422];

class Inbox {
	/** Newest first; null until loaded. */
	mails = $state<Mail[] | null>(null);
	/** Whether there are older emails that are not loaded yet. */
	hasMore = $state(false);
	/** What the listener chose for the next episode, by the email's id. */
	readonly choices = new SvelteMap<string, boolean>();
	/** Emails of the last upload that could not be added. */
	skippedMails = $state<SkippedMail[]>([]);

	readonly newsletters = $derived(this.mails?.filter((mail) => mail.newsletter) ?? []);
	/** Loaded newsletters that no episode covers yet. */
	readonly newNewsletters = $derived(this.newsletters.filter((mail) => mail.is_new));
	readonly otherMails = $derived(this.mails?.filter((mail) => !mail.newsletter) ?? []);
	readonly selection = $derived(this.newsletters.filter((mail) => this.isSelected(mail)));

	async load() {
		const newest = await unwrap(listMail({ query: { limit: PAGE_SIZE } }));
		this.mails = newest;
		this.hasMore = newest.length === PAGE_SIZE;
	}

	async loadMore() {
		const loaded = this.mails ?? [];
		const before = loaded.at(-1)?.id;
		const older = await unwrap(listMail({ query: { limit: PAGE_SIZE, before } }));
		this.mails = [...loaded, ...older];
		this.hasMore = older.length === PAGE_SIZE;
	}

	/**
	 * Upload one file and return the number of emails added. A file that cannot be read is added to
	 * `skippedMails`; raises `ApiError` for anything that would stop other files, too.
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

	/** Every newsletter is selected at first, but only the newest of several copies. */
	isSelected(mail: Mail): boolean {
		return this.choices.get(mail.id) ?? !newerCopy(mail);
	}

	select(mail: Mail, isSelected: boolean) {
		this.choices.set(mail.id, isSelected);
	}

	selectAll(isSelected: boolean) {
		for (const mail of this.newsletters) this.select(mail, isSelected);
	}

	readMail(id: string): Promise<MailWithBlocks> {
		return unwrap(getMail({ path: { id } }));
	}

	/** Restore blocks that were cut, cut others, or mark the sender. */
	async change(id: string, changes: MailChanges) {
		const mail = await unwrap(changeMail({ path: { id }, body: changes }));
		this.mails = this.mails?.map((other) => (other.id === id ? mail : other)) ?? null;
		return mail;
	}

	async remove(id: string) {
		await unwrap(deleteMail({ path: { id } }));
		this.mails = this.mails?.filter((mail) => mail.id !== id) ?? null;
		this.choices.delete(id);
	}
}

export const inbox = perListener(() => new Inbox());

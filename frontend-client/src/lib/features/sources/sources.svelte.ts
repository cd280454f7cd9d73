/**
 * Where the listener's newsletters come from: mailboxes, Gmail and feeds, which are read in the background,
 * and own addresses.
 */

import {
	addAddressSource,
	addFeedSource,
	addImapSource,
	changeSource,
	decideAboutSender,
	finishConfirmation,
	getImapCertificate,
	getImapSettings,
	importOpml,
	listImapFolders,
	listSourceLabels,
	listSources,
	lookAtSource,
	removeSource,
	replaceAddress,
	unwrap,
	type ImapServer,
	type ImapSettings,
	type MailServer,
	type MailServerCertificate,
	type NewsletterSource,
	type OpmlResult,
	type SourceLabels
} from '#lib/backend.ts';
import { perListener, scope } from '#lib/listener_scope.svelte.ts';

/** Between two looks at sources that are being read, in milliseconds. */
const REFRESH_MS = 2000;
/** Between two looks at the list on a page that stays open. New newsletters arrive in the background. */
const WATCH_MS = 60_000;
/** An own address waits for days, so it is no reason to look often. */
const isOpen = ({ kind, state }: NewsletterSource) =>
	kind !== 'address' && (state === 'waiting' || state === 'reading');

class Sources {
	list = $state.raw<NewsletterSource[] | null>(null);
	/** The id of a source that was just added, until the page has shown it. */
	newest: string | null = null;
	readonly isReading = $derived(this.list?.some(isOpen) ?? false);
	/** Newsletters that came from all sources; undefined until they are loaded. */
	readonly mailCount = $derived(this.list?.reduce((sum, { mails }) => sum + mails, 0));
	#refreshing = false;

	async load() {
		this.list = await unwrap(listSources());
		void this.#refresh();
	}

	/** Keep the list up to date while a page shows it. Returns what ends this. */
	watch(): () => void {
		const reload = () => {
			if (document.visibilityState === 'visible') void this.load().catch(() => {}); // tried again
		};
		reload();
		const timer = setInterval(reload, WATCH_MS);
		document.addEventListener('visibilitychange', reload);
		return () => {
			clearInterval(timer);
			document.removeEventListener('visibilitychange', reload);
		};
	}

	settings(address: string): Promise<ImapSettings> {
		return unwrap(getImapSettings({ query: { address } }));
	}

	async folders(server: ImapServer): Promise<string[]> {
		return (await unwrap(listImapFolders({ body: server }))).folders;
	}

	/** What a mail server shows whose certificate was refused. */
	certificate({ host, port, security }: MailServer): Promise<MailServerCertificate> {
		return unwrap(getImapCertificate({ body: { host, port, security } }));
	}

	async trustCertificate(id: string, sha256: string) {
		await unwrap(changeSource({ path: { id }, body: { certificate_sha256: sha256 } }));
		await this.load();
	}

	async addMailbox(server: ImapServer, folder: string) {
		this.newest = (await unwrap(addImapSource({ body: { ...server, folder } }))).id;
		await this.load();
	}

	async addAddress(name: string) {
		this.newest = (await unwrap(addAddressSource({ body: { name } }))).id;
		await this.load();
	}

	async replaceAddress(id: string) {
		await unwrap(replaceAddress({ path: { id } }));
		await this.load();
	}

	async askForSenders(id: string, isAsking: boolean) {
		await unwrap(changeSource({ path: { id }, body: { asks_for_senders: isAsking } }));
		await this.load();
	}

	async finishConfirmation(id: string, number: number) {
		await unwrap(finishConfirmation({ path: { id, number } }));
		await this.load();
	}

	async decide(id: string, number: number, isNewsletter: boolean) {
		await unwrap(decideAboutSender({ path: { id, number }, body: { newsletter: isNewsletter } }));
		await this.load();
	}

	/** Load again when the listener returns from another tab, where they may have subscribed. */
	async reload() {
		if (document.visibilityState === 'visible' && this.list) {
			const list = await listSources();
			if (list.data) this.list = list.data;
		}
	}

	async addFeed(address: string): Promise<NewsletterSource> {
		const source = await unwrap(addFeedSource({ body: { address } }));
		this.newest = source.id;
		await this.load();
		return source;
	}

	async addFeeds(file: File): Promise<OpmlResult> {
		const result = await unwrap(importOpml({ body: { opml: await file.text() } }));
		await this.load();
		return result;
	}

	async changePassword(id: string, password: string) {
		await unwrap(changeSource({ path: { id }, body: { password } }));
		await this.load();
	}

	async look(id: string) {
		await unwrap(lookAtSource({ path: { id } }));
		await this.load();
	}

	labels(id: string): Promise<SourceLabels> {
		return unwrap(listSourceLabels({ path: { id } }));
	}

	/** An empty label stands for the one named AudioBrew. */
	async chooseLabel(id: string, label: string) {
		await unwrap(changeSource({ path: { id }, body: { label } }));
		await this.load();
	}

	async pause(id: string, paused: boolean) {
		await unwrap(changeSource({ path: { id }, body: { paused } }));
		await this.load();
	}

	async remove(id: string, withMails: boolean) {
		await unwrap(removeSource({ path: { id }, query: { with_mails: withMails } }));
		await this.load();
	}

	/** Reload the list while something in it is being read. */
	async #refresh() {
		if (this.#refreshing) return;
		this.#refreshing = true;
		const { signal } = scope;
		try {
			while (this.isReading) {
				await new Promise((resolve) => setTimeout(resolve, REFRESH_MS));
				signal.throwIfAborted();
				if (document.visibilityState === 'visible') this.list = await unwrap(listSources());
			}
		} catch {
			// The connection banner says so; the next visit of the page loads the list again.
		}
		this.#refreshing = false;
	}
}

export const sources = perListener(() => new Sources());

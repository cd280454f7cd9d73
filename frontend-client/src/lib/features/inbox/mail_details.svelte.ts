/** One email with its blocks and rules, and what the listener last changed in it. */

import type { Mail, MailWithBlocks, Rule } from '#lib/api/index.ts';
import { inbox, type MailChanges } from './inbox.svelte';
import { findNewRules, isAboutSender } from './rule_texts';
import { rules } from './rules.svelte';

/** A block that was restored or cut, and the rule that this made. */
export type BlockChange = { kind: 'restore' | 'cut'; id: string; rule?: Rule };

export class MailDetails {
	readonly id: string;
	/** Null until loaded. */
	mail = $state<MailWithBlocks | null>(null);
	failure = $state<unknown>(null);
	lastChange = $state<BlockChange | null>(null);

	constructor(mail: Pick<Mail, 'id'>) {
		this.id = mail.id;
	}

	async load() {
		this.failure = this.lastChange = null;
		try {
			this.mail = await inbox.readMail(this.id);
		} catch (error) {
			this.failure = error;
		}
	}

	async changeBlock(kind: BlockChange['kind'], id: string) {
		const [rule] = await this.#change({ [kind]: [id] });
		this.lastChange = { kind, id, rule };
	}

	/** Undo the last change of a block, and revoke its rule. */
	async undo() {
		if (!this.lastChange) return;
		const { kind, id, rule } = this.lastChange;
		if (rule) await rules.revoke(rule);
		this.lastChange = { kind, id }; // if the next request fails, undoing goes on there
		await this.#change({ [kind === 'cut' ? 'restore' : 'cut']: [id], remember: false });
		this.lastChange = null;
	}

	async revoke(rule: Rule) {
		await rules.revoke(rule);
		this.mail = await inbox.readMail(this.id);
		if (this.lastChange?.rule?.id === rule.id)
			this.lastChange = { ...this.lastChange, rule: undefined };
	}

	async markSender(isNewsletter: boolean) {
		await this.#change({ newsletter: isNewsletter });
		await inbox.load(); // the sender's other emails are marked, too
	}

	/** Whether the sender's newsletters come first in every episode. */
	async putSenderFirst(isFirst: boolean) {
		await this.#change({ first: isFirst });
		await inbox.load();
	}

	async unmarkSender() {
		const rule = this.mail?.rules?.find(isAboutSender);
		if (rule) await this.revoke(rule);
	}

	/** Change the email, and return the rules that this made. */
	async #change(changes: MailChanges): Promise<Rule[]> {
		const before = this.mail?.rules ?? [];
		this.mail = await inbox.change(this.id, changes);
		rules.list = null; // the profile loads them again
		return findNewRules(before, this.mail.rules ?? []);
	}
}

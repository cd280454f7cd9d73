/** What the listener decided about newsletters, for their later issues. */

import { perListener } from '#lib/listener_scope.svelte.ts';
import { ApiError } from '#lib/api_error.ts';
import { unwrap, listRules, revokeRule, type Rule } from '#lib/backend.ts';
import { inbox } from './inbox.svelte';
import { isAboutSender } from './rule_texts';

class Rules {
	/** Newest first; null until loaded. */
	list = $state<Rule[] | null>(null);

	async load() {
		this.list = await unwrap(listRules());
	}

	/**
	 * Revoke a rule, unless another tab did so already. Emails of a sender that was marked may become
	 * newsletters again, or stop being some.
	 */
	async revoke(rule: Rule) {
		try {
			await unwrap(revokeRule({ path: { id: rule.id } }));
		} catch (error) {
			const isGone = error instanceof ApiError && error.type === '/problems/rule-not-found';
			if (!isGone) throw error;
		}
		this.list = this.list?.filter(({ id }) => id !== rule.id) ?? null;
		if (isAboutSender(rule) && inbox.mails) await inbox.load();
	}
}

export const rules = perListener(() => new Rules());

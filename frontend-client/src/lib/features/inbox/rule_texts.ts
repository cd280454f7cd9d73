/** Rules for newsletters in words. */

import type { Rule } from '#lib/api/index.ts';

const EFFECTS: Record<string, string> = {
	tell: 'Always read',
	cut: 'Always skipped',
	newsletter: 'Used as a newsletter',
	not_newsletter: 'Not used as a newsletter',
	first: 'Always first in episodes'
};

/** What a rule does, such as `Always skipped`. Later versions may have other kinds. */
export function describeEffect(rule: Pick<Rule, 'kind'>): string {
	return EFFECTS[rule.kind] ?? 'Rule';
}

export function isAboutSender(rule: Pick<Rule, 'text'>): boolean {
	return rule.text === null;
}

/** The rules that a change made: those that were not there before. */
export function findNewRules(before: Rule[], after: Rule[]): Rule[] {
	return after.filter((rule) => !before.some(({ id }) => id === rule.id));
}

/** What happened to a paragraph, and what happens to later ones like it. */
export function describeChange(kind: 'restore' | 'cut', sender: string, isRule: boolean): string {
	const [now, later] = kind === 'cut' ? ['Skipped', 'skipped'] : ['Restored', 'read'];
	return isRule
		? `${now}. Paragraphs like this will be ${later} in later emails from ${sender}, too.`
		: `${now} in this email only.`;
}

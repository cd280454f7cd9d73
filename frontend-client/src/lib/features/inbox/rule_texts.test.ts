import { describe, expect, it } from 'vitest';
import type { Rule } from '#lib/api/index.ts';
import { describeChange, describeEffect, findNewRules, isAboutSender } from './rule_texts';

function rule(id: string, kind: string, text: string | null = 'Issue 12 is free.'): Rule {
	return {
		id,
		kind,
		text,
		sender: 'The Quay',
		address: 'hello@quay.example',
		created_at: '2026-11-24T07:30:00Z'
	};
}

describe('rules for newsletters', () => {
	it('say what they do', () => {
		expect(describeEffect(rule('a', 'tell'))).toBe('Always read');
		expect(describeEffect(rule('a', 'not_newsletter', null))).toBe('Not used as a newsletter');
		expect(describeEffect(rule('a', 'from a later version'))).toBe('Rule');
	});

	it('are about a paragraph or about the sender', () => {
		expect(isAboutSender(rule('a', 'cut'))).toBe(false);
		expect(isAboutSender(rule('a', 'newsletter', null))).toBe(true);
	});

	it('of a change are those that were not there before', () => {
		const [old, made] = [rule('a', 'cut'), rule('b', 'tell')];

		expect(findNewRules([old], [made, old])).toEqual([made]);
		expect(findNewRules([old], [old])).toEqual([]);
	});

	it('are announced when a paragraph is changed', () => {
		expect(describeChange('cut', 'The Quay', true)).toBe(
			'Skipped. Paragraphs like this will be skipped in later emails from The Quay, too.'
		);
		expect(describeChange('restore', 'The Quay', false)).toBe('Restored in this email only.');
	});
});

import { describe, expect, it } from 'vitest';
import type { MailCopy } from '#lib/api/index.ts';
import { describeCopies, newerCopy } from './copies';

function copy(values: Partial<MailCopy>): MailCopy {
	return {
		id: 'other',
		subject: 'Harbour opens',
		received_at: '2026-11-24T07:30:00Z',
		newer: false,
		in_episode: false,
		changed: false,
		...values
	};
}

describe('copies of an issue', () => {
	it('are not mentioned if there are none', () => {
		expect(describeCopies({ subject: 'Harbour opens' })).toBe('');
		expect(describeCopies({ subject: 'Harbour opens', copies: [] })).toBe('');
	});

	it('name the original of a correction', () => {
		const mail = { subject: '[Correction] Harbour opens', copies: [copy({ changed: true })] };

		expect(describeCopies(mail)).toBe('Corrected copy of “Harbour opens” · the newest is told');
		expect(newerCopy(mail)).toBeUndefined();
	});

	it('say that an older copy is not told', () => {
		const newer = copy({ subject: '[Correction] Harbour opens', newer: true, changed: true });
		const mail = { subject: 'Harbour opens', copies: [newer] };

		expect(describeCopies(mail)).toBe(
			'Older copy of “[Correction] Harbour opens” · the newest is told'
		);
		expect(newerCopy(mail)).toBe(newer);
	});

	it('say that an episode told one of them', () => {
		const copies = [copy({}), copy({ in_episode: true })];

		expect(describeCopies({ subject: 'Harbour opens', copies })).toBe('Copy · told already');
	});
});

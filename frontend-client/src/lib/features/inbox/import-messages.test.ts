import { describe, expect, it } from 'vitest';
import type { MailImport } from '#lib/api/index.ts';
import { describeImport, formatBytes, importPercent, isOpen, isSameFile } from './import-messages';

function mailImport(fields: Partial<MailImport>): MailImport {
	return {
		id: 'i',
		name: 'All mail.mbox',
		status: 'done',
		bytes: 2 ** 31,
		part_bytes: 2 ** 22,
		received_bytes: 2 ** 31,
		read_bytes: 2 ** 31,
		mails: 360,
		newsletters: 312,
		added: 312,
		senders: 14,
		other_mails: 40,
		skipped_mails: 0,
		skipped: [],
		include_others: false,
		content_hash: 'ab12',
		trouble: null,
		created_at: '2026-11-24T06:30:00Z',
		updated_at: '2026-11-24T06:31:00Z',
		...fields
	};
}

function describeOne(fields: Partial<MailImport>): string {
	const one = mailImport(fields);
	return describeImport(one, one.status);
}

describe('an import as text', () => {
	it('says at the end what was found', () => {
		expect(describeOne({})).toBe('312 newsletters from 14 senders. 40 other emails were left out.');
		expect(
			describeOne({ newsletters: 1, added: 1, senders: 1, other_mails: 1, skipped_mails: 1 })
		).toBe('1 newsletter from 1 sender. 1 other email was left out. 1 email was skipped.');
		expect(describeOne({ newsletters: 0, added: 0, senders: 0, other_mails: 1200 })).toBe(
			'There are no newsletters in this file. 1,200 other emails were left out.'
		);
	});

	it('says what the inbox had already', () => {
		expect(describeOne({ newsletters: 1312, added: 1300, other_mails: 0 })).toBe(
			'1,312 newsletters from 14 senders, 12 of them already in your inbox.'
		);
		expect(describeOne({ added: 0, other_mails: 0 })).toBe(
			'312 newsletters from 14 senders, all of them already in your inbox.'
		);
	});

	it('counts other emails as found if the import includes them', () => {
		const include_others = true;
		expect(describeOne({ include_others, added: 352 })).toBe(
			'312 newsletters from 14 senders and 40 other emails.'
		);
		expect(describeOne({ include_others, added: 350 })).toBe(
			'312 newsletters from 14 senders and 40 other emails, 2 of them already in your inbox.'
		);
		const others = { include_others, newsletters: 0, senders: 0, other_mails: 1 };
		expect(describeOne({ ...others, added: 1 })).toBe('1 other email.');
		expect(describeOne({ include_others, status: 'cancelled', added: 2 })).toBe(
			'Stopped. 2 emails were added before that.'
		);
	});

	it('goes on with the same content and the same choice only', () => {
		const one = mailImport({ name: 'a.mbox', bytes: 5 });
		const request = { name: 'a.mbox', bytes: 5, content_hash: 'ab12', include_others: false };
		expect(isSameFile(one, request)).toBe(true);
		for (const other of [
			{ name: 'b.mbox' },
			{ bytes: 6 },
			{ content_hash: 'cd34' },
			{ content_hash: null },
			{ include_others: true }
		]) {
			expect(isSameFile(one, { ...request, ...other })).toBe(false);
		}
		const unknown = mailImport({ name: 'a.mbox', bytes: 5, content_hash: null });
		expect(isSameFile(unknown, { ...request, content_hash: null })).toBe(false);
	});

	it('says why it ended early, and what was added before', () => {
		const trouble = 'Your inbox is full.';
		expect(describeOne({ status: 'failed', trouble, added: 2 })).toBe(
			'Your inbox is full. 2 newsletters were added before that.'
		);
		expect(describeOne({ status: 'cancelled', added: 0 })).toBe('Stopped.');
	});

	it('has a percentage of the upload, then of the reading', () => {
		const uploading = mailImport({ status: 'uploading', received_bytes: 2 ** 30, read_bytes: 0 });
		expect(importPercent(uploading)).toBe(50);
		expect(describeImport(uploading, 'uploading')).toBe('Uploading 2 GB');
		expect(describeImport(uploading, 'stalled')).toBe(
			'The upload stopped at 50%. Choose the same file again to continue.'
		);
		const reading = mailImport({ status: 'reading', read_bytes: 2 ** 29 });
		expect(importPercent(reading)).toBe(25);
		expect(describeImport(reading, 'reading')).toBe('Reading: 312 newsletters so far');
		expect([uploading, reading, mailImport({})].map(isOpen)).toEqual([true, true, false]);
	});

	it('has sizes as people write them', () => {
		expect([500, 52428800, 1.5 * 2 ** 30].map(formatBytes)).toEqual(['1 MB', '50 MB', '1.5 GB']);
	});
});

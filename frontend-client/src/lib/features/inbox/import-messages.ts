/** An import's progress and result as text. */

import type { ImportRequest, MailImport } from '#lib/api/index.ts';
import { pluralize } from '#lib/format.ts';

/** How an import is shown. `stalled`: nobody uploads the rest of its file. */
export type ImportStatus = MailImport['status'] | 'stalled';

export function isOpen({ status }: Pick<MailImport, 'status'>): boolean {
	return ['uploading', 'waiting', 'reading'].includes(status);
}

/** Whether an import is of this file and treats it the same way, so that its upload can go on. */
export function isSameFile(one: MailImport, request: ImportRequest): boolean {
	if (!one.content_hash || one.content_hash !== request.content_hash) return false;
	const isSame = one.name === request.name && one.bytes === request.bytes;
	return isSame && one.include_others === (request.include_others ?? false);
}

/** How much of the upload, then of the reading, is done. */
export function importPercent(one: MailImport): number {
	const done = one.status === 'uploading' ? one.received_bytes : one.read_bytes;
	return Math.floor((done * 100) / one.bytes);
}

/** What is happening, or what was found. */
export function describeImport(one: MailImport, status: ImportStatus): string {
	switch (status) {
		case 'uploading':
			return `Uploading ${formatBytes(one.bytes)}`;
		case 'stalled':
			return `The upload stopped at ${importPercent(one)}%. Choose the same file again to continue.`;
		case 'waiting':
			return 'Waiting in line';
		case 'reading':
			return one.newsletters ? `Reading: ${newsletters(one)} so far` : 'Reading';
		case 'done':
			return [describeFound(one), ...describeRest(one)].join(' ');
		case 'failed':
			return [one.trouble, describeAdded(one)].filter(Boolean).join(' ');
		case 'cancelled':
			return ['Stopped.', describeAdded(one)].filter(Boolean).join(' ');
	}
}

function describeFound(one: MailImport): string {
	const others = one.include_others ? one.other_mails : 0;
	const total = one.newsletters + others;
	if (!total) return 'There are no newsletters in this file.';
	const found = [];
	if (one.newsletters) {
		found.push(`${newsletters(one)} from ${pluralize(one.senders, 'sender')}`);
	}
	if (others) found.push(`${others.toLocaleString('en')} other email${others === 1 ? '' : 's'}`);
	const known = total - one.added;
	if (known <= 0) return `${found.join(' and ')}.`;
	const which = known === total ? 'all' : known.toLocaleString('en');
	return `${found.join(' and ')}, ${which} of them already in your inbox.`;
}

function describeRest(one: MailImport): string[] {
	const rest = [];
	if (one.other_mails && !one.include_others)
		rest.push(`${count(one.other_mails, 'other email')} left out.`);
	if (one.skipped_mails) rest.push(`${count(one.skipped_mails, 'email')} skipped.`);
	return rest;
}

function describeAdded({ added, include_others }: MailImport): string {
	const thing = include_others ? 'email' : 'newsletter';
	return added ? `${count(added, thing)} added before that.` : '';
}

function newsletters(one: MailImport): string {
	const words = pluralize(one.newsletters, 'newsletter');
	return words.replace(/^\d+/, one.newsletters.toLocaleString('en'));
}

/** `1 email was`, `1,200 emails were`. */
function count(number: number, thing: string): string {
	const verb = number === 1 ? 'was' : 'were';
	return `${number.toLocaleString('en')} ${thing}${number === 1 ? '' : 's'} ${verb}`;
}

/** 52428800 → `50 MB`, 2147483648 → `2 GB`. */
export function formatBytes(bytes: number): string {
	const gigabytes = bytes / 2 ** 30;
	if (gigabytes >= 1) return `${Number(gigabytes.toFixed(1))} GB`;
	return `${Math.max(1, Math.round(bytes / 2 ** 20))} MB`;
}

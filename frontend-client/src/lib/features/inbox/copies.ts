/** What the inbox says about several copies of one issue. */

import type { Mail, MailCopy } from '#lib/api/index.ts';

/** The copy that is used instead of this email, or undefined. */
export function newerCopy(mail: Pick<Mail, 'copies'>): MailCopy | undefined {
	return mail.copies?.find((copy) => copy.newer);
}

/** Which copies there are and which one is told, or empty if this is the only one. */
export function describeCopies(mail: Pick<Mail, 'subject' | 'copies'>): string {
	const [latest] = mail.copies ?? [];
	if (!latest) return '';
	const newer = newerCopy(mail);
	if (newer) return `Older copy${ofSubject(mail, newer)} · the newest is told`;
	const copy = `${latest.changed ? 'Corrected copy' : 'Copy'}${ofSubject(mail, latest)}`;
	return mail.copies?.some((other) => other.in_episode)
		? `${copy} · told already`
		: `${copy} · the newest is told`;
}

function ofSubject(mail: Pick<Mail, 'subject'>, copy: MailCopy): string {
	return mail.subject === copy.subject ? '' : ` of “${copy.subject}”`;
}

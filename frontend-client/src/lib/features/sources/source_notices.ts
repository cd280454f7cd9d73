/** What a listener has to know about their sources before they brew: what is not read, and what is. */

import type { NewsletterSource } from '#lib/api/index.ts';
import { formatDay, pluralize } from '#lib/format.ts';

export type SourceNotice = {
	id: string;
	name: string;
	text: string;
	/** What the listener can do: change the source, resume it, or only wait. */
	action: 'repair' | 'resume' | 'answer' | 'wait';
	isUrgent: boolean;
};

/** The most urgent notice comes first. */
const ORDER: SourceNotice['action'][] = ['repair', 'resume', 'answer', 'wait'];

export function sourceNotices(sources: NewsletterSource[], now = new Date()): SourceNotice[] {
	return sources
		.flatMap((source) => describe(source, now) ?? [])
		.sort((one, other) => rank(one) - rank(other));
}

const rank = ({ action, isUrgent }: SourceNotice) => ORDER.indexOf(action) * 2 - Number(isUrgent);

function describe(source: NewsletterSource, now: Date): SourceNotice | null {
	const { id, name, state, message } = source;
	const notice = { id, name, isUrgent: false };
	if (state === 'stopped' || state === 'trouble')
		return {
			...notice,
			text: `${message} ${lastRead(source, now)}`,
			action: 'repair',
			isUrgent: state === 'stopped'
		};
	if (state === 'paused')
		return { ...notice, text: `Paused. ${lastRead(source, now)}`, action: 'resume' };
	if (source.kind === 'address') {
		const text = describeRequests(source);
		return text ? { ...notice, text, action: 'answer' } : null;
	}
	if (state === 'reading' || state === 'waiting')
		return { ...notice, text: describeReading(source), action: 'wait' };
	return null;
}

function lastRead({ succeeded_at }: NewsletterSource, now: Date): string {
	return succeeded_at ? `Last read: ${formatDay(succeeded_at, now)}.` : 'It has not been read yet.';
}

function describeReading({ new_mails, position, total }: NewsletterSource): string {
	const progress = total
		? `Reading ${position.toLocaleString('en')} of ${total.toLocaleString('en')} emails`
		: 'Looking for new emails';
	return new_mails
		? `${progress}: ${pluralize(new_mails, 'new newsletter')} so far.`
		: `${progress}.`;
}

function describeRequests({ confirmations, new_senders }: NewsletterSource): string {
	const parts = [
		confirmations.length === 1
			? '1 email asks you to confirm.'
			: `${confirmations.length} emails ask you to confirm.`,
		new_senders.length === 1
			? '1 new sender waits for your answer.'
			: `${new_senders.length} new senders wait for your answer.`
	];
	return parts.filter((_, index) => [confirmations, new_senders][index]!.length).join(' ');
}

/** Why there is nothing new, as far as the sources say. `sources` is null while they are not known. */
export function describeNothingNew(sources: NewsletterSource[] | null): string {
	if (!sources) return 'There are no new newsletters.';
	const actions = new Set(sourceNotices(sources).map(({ action }) => action));
	if (actions.has('repair'))
		return 'There are no new newsletters, but not all of your sources could be read.';
	if (actions.has('wait')) return 'Nothing new yet. AudioBrew is still reading your sources.';
	if (actions.has('resume'))
		return 'There are no new newsletters, but not all of your sources are read.';
	if (actions.has('answer'))
		return 'There are no new newsletters, but emails wait for your answer.';
	return 'All caught up. There are no new newsletters.';
}

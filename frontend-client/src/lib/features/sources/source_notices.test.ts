import { describe, expect, test } from 'vitest';
import type { NewsletterSource } from '#lib/api/index.ts';
import { describeNothingNew, sourceNotices } from './source_notices';

const NOW = new Date('2026-11-30T12:00:00Z');
const source = (changes: Partial<NewsletterSource>): NewsletterSource => ({
	id: 'one',
	kind: 'imap',
	name: 'ada@mail.example',
	address: 'ada@mail.example, INBOX',
	state: 'up_to_date',
	message: 'Up to date.',
	trouble_type: null,
	mails: 12,
	new_mails: 0,
	position: 0,
	total: 0,
	server: null,
	label: null,
	asks_for_senders: false,
	confirmations: [],
	new_senders: [],
	looked_at: '2026-11-30T11:00:00Z',
	succeeded_at: '2026-11-27T11:00:00Z',
	created_at: '2026-11-01T11:00:00Z',
	...changes
});
const refused = source({ id: 'refused', state: 'stopped', message: 'The password is refused.' });
const reading = source({
	id: 'reading',
	state: 'reading',
	new_mails: 4,
	position: 900,
	total: 3000
});
const paused = source({ id: 'paused', state: 'paused', succeeded_at: null });
const sender = { number: 1, sender: 'Eve', address: 'eve@a.example', created_at: '' };
const asking = source({ id: 'asking', kind: 'address', new_senders: [sender] });

describe('the notices of sources', () => {
	test('say what is wrong, since when, and what is being read, the most urgent first', () => {
		const away = source({ id: 'away', state: 'trouble', message: 'No answer.' });
		const notices = sourceNotices([reading, asking, paused, away, refused, source({})], NOW);

		expect(notices.map(({ id, text, action, isUrgent }) => [id, text, action, isUrgent])).toEqual([
			['refused', 'The password is refused. Last read: Friday.', 'repair', true],
			['away', 'No answer. Last read: Friday.', 'repair', false],
			['paused', 'Paused. It has not been read yet.', 'resume', false],
			['asking', '1 new sender waits for your answer.', 'answer', false],
			['reading', 'Reading 900 of 3,000 emails: 4 new newsletters so far.', 'wait', false]
		]);
	});

	test('leave out an own address that waits for emails', () => {
		expect(sourceNotices([source({ kind: 'address', state: 'waiting' })], NOW)).toEqual([]);
	});

	test('say that emails ask to confirm', () => {
		const confirmation = {
			...{ number: 1, kind: 'subscription' as const, sender: 'The Ledger', url: null },
			...{ host: '', code: null, created_at: '' }
		};
		const confirmations = [confirmation, confirmation];
		const [notice] = sourceNotices([source({ kind: 'address', confirmations })], NOW);

		expect(notice?.text).toBe('2 emails ask you to confirm.');
	});
});

describe('nothing new', () => {
	test.each([
		[null, 'There are no new newsletters.'],
		[[], 'All caught up. There are no new newsletters.'],
		[[source({})], 'All caught up. There are no new newsletters.'],
		[[source({}), refused, reading], 'not all of your sources could be read'],
		[[reading, paused], 'Nothing new yet'],
		[[source({ state: 'waiting' })], 'Nothing new yet'],
		[[source({}), paused, asking], 'not all of your sources are read'],
		[[source({}), asking], 'wait for your answer']
	])('is all caught up only if every source was read', (sources, text) => {
		expect(describeNothingNew(sources)).toContain(text);
	});
});

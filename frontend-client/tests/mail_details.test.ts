/** Changes of an email make rules, and can be undone. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { client } from '#lib/api/client.gen.ts';
import { inbox } from '#lib/features/inbox/inbox.svelte.ts';
import { MailDetails } from '#lib/features/inbox/mail_details.svelte.ts';
import { session } from '#lib/session.svelte.ts';
import type { Mail, MailCopy, Rule } from '#lib/api/index.ts';
import { installStorage } from './fake_storage';

const mail = { id: 'm1', subject: 'Trees', newsletter: true, marked: null, blocks: [] };
let requests: string[] = [];
let rules: Rule[] = [];
let close = () => {};

function makeRule(kind: string, text: string | null): Rule {
	const id = `${kind}-${rules.length}`;
	return { id, kind, text, sender: 'The Quay', address: '', created_at: '' };
}

async function reply(request: IncomingMessage, response: ServerResponse) {
	let body = '';
	for await (const piece of request) body += piece;
	const { pathname } = new URL(request.url ?? '', 'http://here');
	requests.push(`${request.method} ${pathname} ${body}`.trim());
	const change = body ? JSON.parse(body) : {};
	if (request.method === 'DELETE' && !rules.some(({ id }) => pathname.endsWith(id))) {
		const problem = {
			type: '/problems/rule-not-found',
			title: 'There is no such rule.',
			status: 404
		};
		response.writeHead(404, { 'Content-Type': 'application/problem+json' });
		return response.end(JSON.stringify(problem));
	}
	if (request.method === 'DELETE') {
		rules = rules.filter(({ id }) => !pathname.endsWith(id));
		return response.writeHead(204).end();
	}
	if (change.remember !== false && (change.cut || change.restore))
		rules = [makeRule(change.cut ? 'cut' : 'tell', 'Issue 12'), ...rules];
	if (change.newsletter === false) rules = [makeRule('not_newsletter', null), ...rules];
	const answer = pathname === '/api/mail' ? [mail] : { ...mail, rules };
	response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
}

beforeEach(async () => {
	[requests, rules] = [[], []];
	installStorage();
	const server = createServer((request, response) => void reply(request, response));
	await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
	client.setConfig({ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
	close = () => (server.closeAllConnections(), server.close());
	session.setListener({ id: 'ada', address: null }, { token: 'a' });
});
afterEach(() => {
	session.setListener(null);
	close();
});

async function open() {
	const details = new MailDetails({ id: 'm1' });
	await details.load();
	requests = [];
	return details;
}

test('a cut paragraph makes a rule, and undoing it revokes the rule', async () => {
	const details = await open();

	await details.changeBlock('cut', 'b1');
	expect(details.lastChange).toMatchObject({ kind: 'cut', id: 'b1', rule: { id: 'cut-0' } });
	await details.undo();

	expect(requests).toEqual([
		'PATCH /api/mail/m1 {"cut":["b1"]}',
		'DELETE /api/rules/cut-0',
		'PATCH /api/mail/m1 {"restore":["b1"],"remember":false}'
	]);
	expect(details.lastChange).toBeNull();
	expect(details.mail?.rules).toEqual([]);
});

test('a change can be undone after another tab revoked its rule', async () => {
	const details = await open();

	await details.changeBlock('cut', 'b1');
	rules = [];
	await details.undo();

	expect(requests.at(-1)).toBe('PATCH /api/mail/m1 {"restore":["b1"],"remember":false}');
	expect(details.lastChange).toBeNull();
});

test('a change can be kept in this email only', async () => {
	const details = await open();

	await details.changeBlock('restore', 'b1');
	await details.revoke(details.lastChange!.rule!);

	expect(details.lastChange).toEqual({ kind: 'restore', id: 'b1', rule: undefined });
	expect(details.mail?.rules).toEqual([]);
});

test('a marked sender changes the inbox, and so does revoking it', async () => {
	const details = await open();

	await details.markSender(false);
	expect(requests).toEqual(['PATCH /api/mail/m1 {"newsletter":false}', 'GET /api/mail']);
	requests = [];
	await details.unmarkSender();

	expect(requests).toEqual([
		'DELETE /api/rules/not_newsletter-0',
		'GET /api/mail',
		'GET /api/mail/m1'
	]);
});

test('an email that cannot be loaded says why, until it is loaded', async () => {
	const details = new MailDetails({ id: 'm1' });
	close();
	await details.load();

	expect(details.mail).toBeNull();
	expect(details.failure).toBeTruthy();
});

test('only the newest copy is selected at first', () => {
	const copy = { id: 'm2', newer: true } as MailCopy;
	const older = { id: 'm1', newsletter: true, copies: [copy] } as Mail;
	const newest = { id: 'm2', newsletter: true, copies: [{ ...copy, newer: false }] } as Mail;
	inbox.mails = [newest, older];

	expect(inbox.selection.map(({ id }) => id)).toEqual(['m2']);
	inbox.select(older, true);
	expect(inbox.selection.map(({ id }) => id)).toEqual(['m2', 'm1']);
	inbox.selectAll(false);
	expect(inbox.selection).toEqual([]);
});

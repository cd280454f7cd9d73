/** Three tabs and two listeners who take turns: neither ever sees or receives data of the other. */

import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import { RETRY } from './fixtures';
import {
	sendRequest,
	brewButton,
	generator,
	listEpisodes,
	nextLink,
	signIn,
	repetitions,
	type Who
} from './two_listeners';

const SWITCHES = repetitions(6, 30);
const CANARY = { ada: 'ada-canary', eve: 'eve-canary' };
const other = (who: Who): Who => (who === 'ada' ? 'eve' : 'ada');

type Watched = Window & { who: string | null; canaries: Record<string, string>; seen: string[] };

/** Record every frame and change that shows data of a listener who is not signed in. */
const watch = (context: BrowserContext, canaries: Record<string, string>) =>
	context.addInitScript((canaries) => {
		const KEY = 'audiobrew.listener';
		const page = window as unknown as Watched;
		page.seen = [];
		page.who = localStorage.getItem(KEY);
		addEventListener('storage', ({ key, newValue }) => {
			if (key === KEY) page.who = newValue;
		});
		const { setItem, removeItem } = Storage.prototype;
		Storage.prototype.setItem = function (key, value) {
			if (key === KEY) page.who = value;
			setItem.call(this, key, value);
		};
		Storage.prototype.removeItem = function (key) {
			if (key === KEY) page.who = null;
			removeItem.call(this, key);
		};
		const look = () => {
			const shown =
				(document.documentElement?.outerHTML ?? '') +
				(navigator.mediaSession?.metadata?.title ?? '');
			for (const [id, canary] of Object.entries(canaries))
				if (id !== page.who && shown.includes(canary)) page.seen.push(`${canary} to ${page.who}`);
		};
		const all = { childList: true, subtree: true, characterData: true, attributes: true };
		new MutationObserver(look).observe(document, all);
		const frame = () => (look(), requestAnimationFrame(frame));
		requestAnimationFrame(frame);
	}, canaries);

const seen = (page: Page) => page.evaluate(() => (window as unknown as Watched).seen);

/** Create an email and an episode with the listener's canary. Returns the listener's id. */
async function prepare(context: BrowserContext, who: Who): Promise<string> {
	const page = await signIn(context, who);
	const { user_id } = await (await page.request.get('/api/session', RETRY)).json();
	const mail = [
		`From: ${CANARY[who]} <news@${who}.example>`,
		`Subject: ${CANARY[who]} news`,
		`List-Id: <${who}.example>`,
		'Date: Mon, 23 Nov 2026 07:30:00 +0000',
		'Content-Type: text/plain',
		'',
		'The harbour of Bergen counted 4210 visitors on one morning, more than on any morning before.',
		''
	].join('\r\n');
	const news = { name: 'news.eml', mimeType: 'message/rfc822', buffer: Buffer.from(mail) };
	await page.locator('input[type=file]').setInputFiles(news);
	await expect
		.poll(async () => (await sendRequest(page, '/api/mail')).text())
		.toContain(`${CANARY[who]} news`);
	await brew(page, `${CANARY[who]} episode`);
	await page.close();
	return user_id;
}

async function brew(page: Page, title: string) {
	const mails = (await (await sendRequest(page, '/api/mail')).json()) as { id: string }[];
	const order = { minutes: 1, title, email_ids: mails.slice(0, 1).map(({ id }) => id) };
	// Ten brews may be open at once; beyond that, the open ones continue.
	expect([202, 429]).toContain(
		(await sendRequest(page, '/api/podcast/generate', 'POST', order)).status()
	);
}

test(`switching ${SWITCHES} times shows nobody the other's data`, async ({ browser }) => {
	const context = await browser.newContext();
	const ids = { ada: await prepare(context, 'ada'), eve: await prepare(context, 'eve') };
	expect(ids.ada).not.toBe(ids.eve);
	await watch(context, { [ids.ada]: CANARY.ada, [ids.eve]: CANARY.eve });

	// Every response belongs to the session named in its request, or to none.
	const owners = new Map<string, string>();
	const wrong: string[] = [];
	let searched = 0;
	context.on('response', async (response) => {
		if (!response.url().includes('/api/') || response.url().endsWith('/events')) return;
		const text = await response.text().catch(() => '');
		if (/\/api\/session/.test(response.url()) && response.ok()) {
			const { csrf_token, user_id } = JSON.parse(text || '{}');
			owners.set(csrf_token, user_id);
		}
		const csrf = response.request().headers()['x-csrf-token'] ?? '';
		searched++;
		for (const who of ['ada', 'eve'] as const)
			if (text.includes(CANARY[who]) && owners.get(csrf) !== ids[who])
				wrong.push(`${CANARY[who]} in ${response.url()}`);
	});

	let now: Who = 'ada';
	const tabs = [await signIn(context, 'ada')];
	for (const path of ['/dashboard', '/dashboard']) {
		const page = await context.newPage();
		await page.goto(path);
		tabs.push(page);
	}
	for (let turn = 1; turn <= SWITCHES; turn++) {
		const playing = tabs[(turn + 1) % 3]!;
		await playing
			.getByRole('button', { name: /^Play “/ })
			.first()
			.click();
		await brew(playing, `${CANARY[now]} episode ${turn}`);
		// The other listener signs in in one open tab; the other tabs are only notified.
		const code = new URL(nextLink(other(now))).hash;
		await tabs[turn % 3]!.evaluate((code) => void (location.hash = code), code);
		now = other(now);
		for (const page of tabs) {
			await expect(page.getByText(`${CANARY[now]} episode`, { exact: true })).toBeVisible();
			await expect(generator(page)).toBeVisible();
			await expect(page.getByText(CANARY[other(now)])).toHaveCount(0);
			await expect(page.getByRole('region', { name: 'Now playing' })).toHaveCount(0);
			expect(await seen(page)).toEqual([]);
		}
	}
	const titles = (await listEpisodes(tabs[0]!)).map(({ title }) => title);
	expect(titles.filter((title) => title.includes(CANARY[other(now)]))).toEqual([]);
	expect(wrong).toEqual([]);
	expect(searched).toBeGreaterThan(SWITCHES * 3);
	console.log(
		`${SWITCHES} switches in 3 tabs, ${searched} answers searched, ${wrong.length} leaks`
	);
	await context.close();
});

test('a token of an older version is exchanged for a cookie', async ({ browser }) => {
	const context = await browser.newContext();
	const page = await context.newPage();
	const code = new URL(nextLink('ada')).hash.replace('#code=', '');
	const session = await page.request.post('/api/session', { data: { code }, ...RETRY });
	const { token } = await session.json();
	expect(await context.cookies()).toEqual([]);
	await page.goto('/');
	await page.evaluate((token) => localStorage.setItem('audiobrew.session', token), token);
	for (let visit = 1; visit <= 2; visit++) {
		await page.goto('/dashboard');
		await expect(generator(page)).toBeVisible();
		expect(await page.evaluate(() => Object.values(localStorage))).not.toContain(token);
	}
	expect(await context.cookies()).toMatchObject([
		{ name: 'audiobrew_session', httpOnly: true, sameSite: 'Strict' }
	]);
	await context.close();
});

test('without Web Locks a tab shows an order of another tab until it is ready', async ({
	browser
}) => {
	const context = await browser.newContext();
	await context.addInitScript(() =>
		Object.defineProperty(Navigator.prototype, 'locks', { get: () => undefined })
	);
	const ordering = await signIn(context, 'ada');
	expect(await ordering.evaluate(() => navigator.locks)).toBeUndefined();
	const watching = await context.newPage();
	await watching.goto('/dashboard');
	await expect(generator(watching)).toBeVisible();
	// No newsletter may be new any more, so choose from all.
	await ordering.getByText('Let me choose').click();
	const before = await listEpisodes(ordering);
	await brewButton(ordering).click();
	await expect.poll(async () => (await listEpisodes(ordering)).length).toBe(before.length + 1);
	const known = new Set(before.map(({ id }) => id));
	const { id } = (await listEpisodes(ordering)).find(({ id }) => !known.has(id))!;
	for (const page of [ordering, watching])
		await expect(
			page.locator(`#episode-${id}`).getByRole('button', { name: /^Play “/ })
		).toBeVisible({ timeout: 300_000 });
	await context.close();
});

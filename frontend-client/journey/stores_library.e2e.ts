/** The library of a listener: what to continue, what was played, what comes up next, and several at once. */

import { expect, test, type Page } from '@playwright/test';
import { listEpisodes, sendRequest, signIn } from './two_listeners';

const LONG_TITLE = 'ada-canary long';

const headings = (page: Page) =>
	page.locator('section[aria-labelledby=episodes] h2').allTextContents();
const card = (page: Page, title: string) =>
	page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: title }) });
async function choose(page: Page, title: string, item: string) {
	await page.getByRole('button', { name: `More options for “${title}”` }).click();
	await page.getByRole('menuitem', { name: item }).click();
}

/** Three more episodes, made of the emails that are there. */
async function brewOthers(page: Page): Promise<string[]> {
	const titles = ['Second', 'Third', 'Fourth'];
	const mails: { id: string }[] = await (await sendRequest(page, '/api/mail')).json();
	for (const title of titles) {
		const order = { minutes: 1, title, email_ids: [mails[0]!.id] };
		await sendRequest(page, '/api/podcast/generate', 'POST', order);
	}
	await expect
		.poll(async () => (await listEpisodes(page)).filter(({ status }) => status !== 'ready').length)
		.toBe(0);
	return titles;
}

test('a library is sorted by what was heard, plays on by itself, and changes several at once', async ({
	browser
}) => {
	const context = await browser.newContext();
	const page = await signIn(context, 'ada');
	for (const { id, title } of await listEpisodes(page)) {
		if (title !== LONG_TITLE) await sendRequest(page, `/api/podcast/${id}`, 'DELETE');
		else await sendRequest(page, `/api/podcast/${id}/playback`, 'PUT', { seconds: 0 });
	}
	await brewOthers(page);
	await page.reload();

	await choose(page, 'Second', 'Mark as played');
	await expect.poll(() => headings(page)).toEqual(['Episodes', 'New', 'Played']);
	await choose(page, 'Third', 'Add to Up next');
	await choose(page, 'Fourth', 'Play next');
	const next = page.getByRole('region', { name: 'Up next' });
	await expect(next.getByRole('link')).toHaveText(['Fourth', 'Third']);
	await next.getByRole('button', { name: 'Move “Third” up' }).click();
	await expect(next.getByRole('link')).toHaveText(['Third', 'Fourth']);

	await card(page, LONG_TITLE)
		.getByRole('button', { name: /^Play “/ })
		.click();
	const audio = page.locator('audio');
	await expect
		.poll(() => audio.evaluate((one: HTMLAudioElement) => one.duration))
		.toBeGreaterThan(10);
	await audio.evaluate((one: HTMLAudioElement) => (one.currentTime = one.duration - 1));
	const bar = page.getByRole('region', { name: 'Now playing' });
	await expect(bar.getByRole('link', { name: 'Third' })).toBeVisible();
	await expect(next.getByRole('link')).toHaveText(['Fourth']);
	await expect
		.poll(() => audio.evaluate((one: HTMLAudioElement) => one.currentTime))
		.toBeGreaterThan(6);
	await bar.getByRole('button', { name: 'Pause' }).click();
	await expect
		.poll(() => headings(page))
		.toEqual(['Episodes', 'Up next', 'Continue', 'New', 'Played']);
	await expect(card(page, LONG_TITLE)).toContainText('Played');

	await page.getByText('Unfinished', { exact: true }).click();
	await expect(card(page, 'Third')).toBeVisible();
	await expect(page.getByRole('heading', { level: 3 })).toHaveCount(1);
	await page.getByText('All', { exact: true }).click();
	await page.getByRole('button', { name: 'Select', exact: true }).click();
	await page.getByRole('checkbox', { name: 'Select “Second”' }).check();
	await page.getByRole('checkbox', { name: `Select “${LONG_TITLE}”` }).check();
	const bulk = page.getByRole('toolbar', { name: 'Selected episodes' });
	await expect(bulk).toContainText('2 episodes selected');
	await bulk.getByRole('button', { name: 'Mark as unplayed' }).click();
	await expect(bulk).toHaveCount(0);
	await expect.poll(() => headings(page)).toEqual(['Episodes', 'Up next', 'Continue', 'New']);
	await context.close();
});

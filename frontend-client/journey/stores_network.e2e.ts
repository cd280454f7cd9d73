/** The network fails and returns: the page says so once and recovers by itself. */

import { expect, test } from '@playwright/test';
import {
	sendRequest,
	generator,
	listEpisodes,
	nextLink,
	signIn,
	repetitions
} from './two_listeners';

const { LONG = '' } = process.env;
const CUTS = repetitions(4, 20);

test(`the network is cut ${CUTS} times while an episode brews and another plays`, async ({
	browser
}) => {
	const context = await browser.newContext();
	const page = await signIn(context, 'ada');
	const banner = page.getByText('You’re offline.');
	const element = page.locator('audio');
	const time = () => element.evaluate((audio: HTMLAudioElement) => audio.currentTime);
	await page.getByRole('button', { name: 'Play “ada-canary long”' }).click();
	await expect.poll(time).toBeGreaterThan(0);
	await element.evaluate((audio: HTMLAudioElement) => (audio.loop = true));
	await element.evaluate(
		(audio) => ((window as unknown as { original: Element }).original = audio)
	);
	const mails = (await (await sendRequest(page, '/api/mail')).json()).map(
		({ id }: { id: string }) => id
	);
	for (let cut = 1; cut <= CUTS; cut++) {
		const title = `Cut ${cut}`;
		await sendRequest(page, '/api/podcast/generate', 'POST', {
			minutes: 3,
			email_ids: mails,
			title
		});
		await expect(page.getByRole('link', { name: title, exact: true })).toBeVisible();
		await context.setOffline(true);
		await expect(banner).toBeVisible();
		await expect(page.getByRole('link', { name: title, exact: true })).toBeVisible(); // loaded content stays
		if (cut === 1) {
			for (const theme of ['light', 'dark'] as const) {
				await page.emulateMedia({ colorScheme: theme });
				for (const [name, width, height] of [
					['phone', 390, 844],
					['desktop', 1280, 800]
				] as const) {
					await page.setViewportSize({ width, height });
					await page.screenshot({ path: `journey/.shots/offline-${name}-${theme}.png` });
				}
			}
			await page.emulateMedia({ colorScheme: 'light' });
		}
		await page.getByRole('link', { name: 'Schedule' }).click();
		await expect(
			page.getByRole('heading', { name: /^(Schedule|This page couldn’t be loaded)$/ })
		).toBeVisible();
		expect(
			await element.evaluate(
				(audio: HTMLAudioElement) =>
					audio === (window as unknown as { original: Element }).original && !audio.paused
			)
		).toBe(true);
		await context.setOffline(false);
		await expect(banner).toBeHidden();
		await page.getByRole('link', { name: 'Episodes', exact: true }).click();
		await expect(generator(page)).toBeVisible();
		await expect(page.getByRole('button', { name: `Play “${title}”` })).toBeVisible({
			timeout: 300_000
		});
	}
	expect((await listEpisodes(page)).filter(({ title }) => title.startsWith('Cut')).length).toBe(
		CUTS
	);
	console.log(`${CUTS} cuts, ${CUTS} brews seen to their end without a reload`);
	await context.close();
});

test('a page opened without a connection opens by itself later', async ({ browser }) => {
	const context = await browser.newContext();
	const page = await signIn(context, 'ada');
	await page.route('**/api/**', (route) => route.abort());
	await page.goto(`/dashboard/podcast/${LONG}`);
	await expect(page.getByRole('heading', { name: 'isn’t available right now' })).toBeVisible();
	await expect(page.getByText('Internal Error')).toHaveCount(0);
	for (const theme of ['light', 'dark'] as const) {
		await page.emulateMedia({ colorScheme: theme });
		await page.screenshot({ path: `journey/.shots/unavailable-${theme}.png` });
	}
	await page.unroute('**/api/**');
	await expect(page.getByRole('heading', { name: 'ada-canary long' })).toBeVisible();
	await context.close();
});

test('a page whose files were replaced by a deployment does not disturb the player', async ({
	browser
}) => {
	const context = await browser.newContext();
	const page = await context.newPage();
	// Nothing is loaded ahead, and every page that was not opened yet is gone.
	await page.addInitScript(() => (window.requestIdleCallback = () => 0));
	await page.goto(nextLink('ada'));
	await expect(generator(page)).toBeVisible();
	await page.getByRole('button', { name: 'Play “ada-canary long”' }).click();
	const time = () => page.locator('audio').evaluate((audio: HTMLAudioElement) => audio.currentTime);
	await expect.poll(time).toBeGreaterThan(0);
	await page.route('**/_app/immutable/**', (route) => route.fulfill({ status: 404, body: '' }));
	await page.route('**/_app/version.json', (route) =>
		route.fulfill({ json: { version: 'newer' } })
	);
	await page.getByRole('link', { name: 'Schedule' }).click();
	await expect(page.getByText('A new version of AudioBrew is available')).toBeVisible();
	const before = await time();
	await expect.poll(time).toBeGreaterThan(before);
	await page.screenshot({ path: 'journey/.shots/outdated.png' });
	await page.getByRole('link', { name: 'Episodes', exact: true }).click();
	await expect(generator(page)).toBeVisible();
	await page.unroute('**/_app/immutable/**');
	await page.unroute('**/_app/version.json');
	await page.getByRole('link', { name: 'Schedule' }).click();
	// Chromium before 156 does not request a file again that failed; there the page needs a reload.
	const schedule = page.getByRole('heading', { name: 'Schedule' });
	await expect(schedule.or(page.getByRole('button', { name: 'Reload' }))).toBeVisible();
	expect(await time()).toBeGreaterThan(before);
	if (!(await schedule.isVisible())) {
		await page.getByRole('button', { name: 'Reload' }).click();
		await expect(schedule).toBeVisible();
	}
	await context.close();
});

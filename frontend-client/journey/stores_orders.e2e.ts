/** An order is brewed once, and many brews at once block nothing. */

import { expect, test } from '@playwright/test';
import {
	sendRequest,
	brewButton,
	countBrewing,
	generator,
	isOrder,
	listEpisodes,
	signIn,
	deleteEpisodes,
	repetitions
} from './two_listeners';

const { LONG = '' } = process.env;
const LOST = repetitions(5, 50);
const BREWS = 10; // as many as may be open at once; twenty in two rounds

test(`${LOST} orders with lost responses are ${LOST} episodes`, async ({ browser }) => {
	const context = await browser.newContext();
	const page = await signIn(context, 'ada');
	await deleteEpisodes(page, LONG);
	await page.getByText('Let me choose').click();
	let lost = 0;
	let sent = 0;
	const sentKeys = new Set<string | undefined>();
	let again = Promise.resolve();
	await page.route('**/api/podcast/generate', async (route) => {
		const key = route.request().headers()['idempotency-key'];
		const isFirst = isOrder(route.request()) && !sentKeys.has(key);
		sentKeys.add(key);
		if (!isFirst) await again;
		sent++;
		const response = await route.fetch().catch(() => null);
		if (!response) return route.abort(); // interrupted on its way: also a lost response
		if (!isFirst) return route.fulfill({ response });
		lost++;
		await route.fulfill({
			status: 504,
			contentType: 'text/html',
			body: '<h1>Gateway Timeout</h1>'
		});
	});
	const known = new Set((await listEpisodes(page)).map(({ id }) => id));
	const before = known.size;
	for (let number = 1; number <= LOST; number++) {
		await expect(brewButton(page)).toBeEnabled();
		let release = () => {};
		const isReloaded = number % 5 === 3;
		if (isReloaded) again = new Promise((resolve) => (release = resolve));
		await brewButton(page).click();
		if (isReloaded) {
			// Reload the tab before the outcome is known.
			await expect(page.getByText('We’re checking whether your order went through')).toBeVisible();
			await page.reload();
			release();
			await expect(generator(page)).toBeVisible();
			await page.getByText('Let me choose').click();
		}
		await expect
			.poll(async () => (await listEpisodes(page)).filter(({ id }) => !known.has(id)).length)
			.toBe(1);
		await expect(page.getByText('We’re checking whether your order went through')).toBeHidden();
		(await listEpisodes(page)).forEach(({ id }) => known.add(id));
		await expect
			.poll(() =>
				page.evaluate(
					() => Object.keys(localStorage).filter((key) => key.startsWith('audiobrew.order.')).length
				)
			)
			.toBe(0);
		await expect.poll(() => countBrewing(page)).toBeLessThan(8);
	}
	console.log(`${lost} answers lost, ${sent} orders sent, ${known.size - before} episodes`);
	expect(lost).toBeGreaterThanOrEqual(LOST);
	expect((await listEpisodes(page)).length - before).toBe(LOST);
	await context.close();
});

test('twenty brews in three tabs block nothing', async ({ browser }) => {
	const context = await browser.newContext();
	const tabs = [await signIn(context, 'ada')];
	await deleteEpisodes(tabs[0]!, LONG);
	for (let more = 0; more < 2; more++) {
		const page = await context.newPage();
		await page.goto('/dashboard');
		await expect(generator(page)).toBeVisible();
		tabs.push(page);
	}
	const mails = (await (await sendRequest(tabs[0]!, '/api/mail')).json()).map(
		({ id }: { id: string }) => id
	);
	const slowest: number[] = [];
	for (let round = 0; round < 2; round++) {
		const orders = Array.from({ length: BREWS }, (_, number) =>
			sendRequest(tabs[number % 3]!, '/api/podcast/generate', 'POST', {
				minutes: 5,
				email_ids: mails,
				title: `Brew ${round} ${number}`
			})
		);
		const statuses = (await Promise.all(orders)).map((order) => order.status());
		expect(statuses.filter((status) => status === 202).length).toBeGreaterThanOrEqual(BREWS - 1);
		for (const page of tabs) {
			const began = Date.now();
			await page.getByRole('link', { name: 'Podcast apps' }).click();
			await expect(page.getByText('Your feed links')).toBeVisible();
			await page.getByRole('link', { name: 'Schedule' }).click();
			await expect(page.getByRole('heading', { name: 'Schedule' })).toBeVisible();
			await page.getByRole('link', { name: 'Episodes', exact: true }).click();
			await expect(page.getByText(`Brew ${round} 0`).first()).toBeVisible();
			await page.getByRole('button', { name: 'Play “ada-canary long”' }).first().click();
			await expect
				.poll(() => page.locator('audio').evaluate((audio: HTMLAudioElement) => audio.currentTime))
				.toBeGreaterThan(0);
			await page.getByRole('button', { name: 'Pause' }).first().click();
			slowest.push(Date.now() - began);
		}
		await expect.poll(() => countBrewing(tabs[0]!), { timeout: 300_000 }).toBe(0);
	}
	for (const page of tabs) {
		await expect(page.getByRole('button', { name: /^Play “Brew/ })).toHaveCount(
			(await listEpisodes(page)).filter(({ title }) => title.startsWith('Brew')).length
		);
	}
	console.log(`slowest round through quote, play and navigation: ${Math.max(...slowest)} ms`);

	// Tabs show each other's changes.
	const [one, two] = tabs as [(typeof tabs)[0], (typeof tabs)[0]];
	const first = (await listEpisodes(one)).find(({ title }) => title === 'Brew 1 0');
	if (first) {
		await one.getByRole('button', { name: 'More options for “Brew 1 0”' }).click();
		await one.getByRole('menuitem', { name: 'Rename' }).click();
		await one.getByLabel('Title').fill('Another name');
		await one.getByRole('button', { name: 'Save' }).click();
		await expect(two.getByRole('link', { name: 'Another name' })).toBeVisible();
		await one.getByRole('button', { name: 'More options for “Another name”' }).click();
		await one.getByRole('menuitem', { name: 'Delete' }).click();
		await one.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
		await expect(two.getByRole('link', { name: 'Another name' })).toHaveCount(0);
	}
	await context.close();
});

/** Playback in two tabs of one listener. */

import { expect, test, type Page } from '@playwright/test';
import { signIn } from './two_listeners';

test('one tab plays at a time', async ({ browser }) => {
	const context = await browser.newContext();
	const one = await signIn(context, 'ada');
	const two = await context.newPage();
	await two.goto('/dashboard');
	const audio = (page: Page) =>
		page
			.locator('audio')
			.evaluate(({ paused, currentTime }: HTMLAudioElement) => ({ paused, currentTime }));
	const plays = async (page: Page) => {
		const before = (await audio(page)).currentTime;
		await expect.poll(async () => (await audio(page)).currentTime).toBeGreaterThan(before);
	};
	for (const [page, other] of [
		[one, two],
		[two, one],
		[one, two]
	] as const) {
		await page.getByRole('button', { name: 'Play “ada-canary long”' }).first().click();
		// It loops: only the other tab can stop it.
		await page.locator('audio').evaluate((audio: HTMLAudioElement) => (audio.loop = true));
		await plays(page);
		await expect.poll(async () => (await audio(other)).paused).toBe(true);
		await plays(page);
	}
	await context.close();
});

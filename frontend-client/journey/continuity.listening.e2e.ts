/** Rename, download and a lost address leave the player, its keys and its page alone. */

import type { Page } from '@playwright/test';
import {
	back,
	element,
	heard,
	LONG,
	openEpisode,
	paused,
	play,
	seconds,
	still
} from './episode_page';
import { expect, test } from './fixtures';

/** Hear the episode for a while, and have focus and scroll somewhere that is remembered. */
async function settle(page: Page) {
	await openEpisode(page);
	await play(page).click();
	await expect(heard(page)).toHaveCount(1);
	await page.mouse.move(900, 500);
	await page.mouse.wheel(0, 300);
	await expect(back(page)).toBeVisible();
	await still(page);
	await page.evaluate(() => document.querySelector('audio')!.setAttribute('data-same', ''));
	await page
		.locator('[data-sentence]')
		.nth(3)
		.evaluate((line) => line.setAttribute('data-same', ''));
}

/** Nothing of it was made anew, and it goes on. */
async function undisturbed(page: Page, scripts: string[]) {
	await expect(page.locator('audio[data-same]')).toHaveCount(1);
	await expect(page.locator('[data-sentence][data-same]')).toHaveCount(1);
	expect(scripts).toHaveLength(1);
	const before = await seconds(page);
	await expect.poll(() => seconds(page)).toBeGreaterThan(before + 0.3);
}

function scriptsOf(page: Page): string[] {
	const asked: string[] = [];
	page.on('request', (request) => {
		if (request.url().endsWith('/script')) asked.push(request.url());
	});
	return asked;
}

test('renaming leaves player, transcript, scroll and focus alone', async ({ page }) => {
	const scripts = scriptsOf(page);
	await settle(page);
	const scroll = await page.evaluate(() => scrollY);
	await page.getByRole('button', { name: /^More options for/ }).click();
	await page.getByRole('menuitem', { name: 'Rename' }).click();
	await page.getByRole('textbox', { name: 'Title' }).fill('Another\ttitle');
	await page.getByRole('button', { name: 'Save', exact: true }).click();

	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Another title');
	await expect(
		page.getByRole('button', { name: 'More options for “Another title”' })
	).toBeFocused();
	expect(Math.abs((await page.evaluate(() => scrollY)) - scroll)).toBeLessThan(10);
	await undisturbed(page, scripts);
	await page.getByRole('link', { name: 'Podcast apps' }).click();
	const bar = page.getByRole('region', { name: 'Now playing' });
	await expect(bar.getByRole('link', { name: 'Another title' })).toBeVisible();
});

test('downloading leaves player, transcript and scroll alone', async ({ page }) => {
	const scripts = scriptsOf(page);
	await settle(page);
	const scroll = await page.evaluate(() => scrollY);
	await page.getByRole('button', { name: /^More options for/ }).click();
	const saving = page.waitForEvent('download');
	await page.getByRole('menuitem', { name: 'Download' }).click();
	await saving;
	expect(Math.abs((await page.evaluate(() => scrollY)) - scroll)).toBeLessThan(10);
	await undisturbed(page, scripts);
});

/** From now on no address of this episode's sound is good, until a new one was asked for `renewals` times. */
async function expire(page: Page, renewals: number) {
	let asked = 0;
	await page.route(new RegExp(`/api/podcast/${LONG}$`), async (route) => {
		asked++;
		await route.continue();
	});
	await page.route(/\.mp3|\/audio/, (route) =>
		asked < renewals ? route.fulfill({ status: 403, body: 'expired' }) : route.continue()
	);
}

test('an expired address is replaced, and it goes on at the same second', async ({ page }) => {
	const scripts = scriptsOf(page);
	await settle(page);
	const scroll = await page.evaluate(() => scrollY);
	await expire(page, 1);
	const at = await seconds(page);
	await element(page).evaluate((audio: HTMLAudioElement) => {
		const { currentTime, src } = audio;
		audio.src = src; // what is buffered is gone, and the address is asked for again
		audio.currentTime = currentTime;
		void audio.play().catch(() => {});
	});
	await expect.poll(() => seconds(page)).toBeGreaterThan(at + 0.3);
	expect(await seconds(page)).toBeLessThan(at + 6);
	expect(Math.abs((await page.evaluate(() => scrollY)) - scroll)).toBeLessThan(10);
	await undisturbed(page, scripts);
});

test('a paused episode stays paused when its address expires', async ({ page }) => {
	await settle(page);
	await page.getByRole('button', { name: 'Pause' }).first().click();
	await expire(page, 1);
	const renewed = page.waitForResponse((answer) => answer.url().endsWith(LONG));
	await element(page).evaluate((audio: HTMLAudioElement) => {
		audio.src = audio.src; // eslint-disable-line no-self-assign
		audio.load();
	});
	await renewed;
	await expect
		.poll(() => element(page).evaluate((audio: HTMLAudioElement) => audio.readyState))
		.toBeGreaterThan(0);
	expect(await paused(page)).toBe(true);
});

test('a refresh that fails is said beside the player, and can be tried again', async ({ page }) => {
	const scripts = scriptsOf(page);
	await settle(page);
	const at = await seconds(page);
	await expire(page, 1);
	let away = true;
	await page.route(new RegExp(`/api/podcast/${LONG}$`), (route) =>
		away ? route.abort() : route.fallback()
	);
	await element(page).evaluate((audio: HTMLAudioElement) => {
		const { currentTime, src } = audio;
		audio.src = src;
		audio.currentTime = currentTime;
		void audio.play().catch(() => {});
	});
	const said = page.getByRole('region', { name: 'Player' }).getByRole('alert');
	await expect(said).toContainText('The audio is not loaded yet.');
	await expect(page.locator('[data-sentence][data-same]')).toHaveCount(1);
	away = false;
	await said.getByRole('button', { name: 'Try again' }).click();
	await expect.poll(() => seconds(page)).toBeGreaterThan(at + 0.3);
	await expect(said).toHaveCount(0);
	await undisturbed(page, scripts);
});

test('the keys of the player work after any click', async ({ page }) => {
	await openEpisode(page);
	await play(page).click();
	await expect.poll(() => seconds(page)).toBeGreaterThan(0.2);
	await page.getByRole('button', { name: 'Forward 30 seconds' }).click();
	const before = await seconds(page);
	await page.keyboard.press('ArrowLeft');
	await expect.poll(() => seconds(page)).toBeLessThan(before - 10);
	await page.getByRole('navigation', { name: 'Chapters' }).getByRole('button').first().click();
	await page.keyboard.press('ArrowRight');
	await expect.poll(() => seconds(page)).toBeGreaterThan(29);
	await page.getByRole('heading', { level: 1 }).click();
	await page.keyboard.press('Space');
	await expect.poll(() => paused(page)).toBe(true);

	// What uses a key itself keeps it.
	const at = await seconds(page);
	await page.getByRole('button', { name: 'Back 15 seconds' }).focus();
	await page.keyboard.press('Space');
	await expect.poll(() => seconds(page)).toBeLessThan(at - 10);
	expect(await paused(page)).toBe(true);
	await page.getByLabel('Position').focus();
	const slid = await seconds(page);
	await page.keyboard.press('ArrowRight');
	await expect.poll(() => seconds(page)).toBeGreaterThan(slid);
	expect(await seconds(page)).toBeLessThan(slid + 5);
	await page.getByRole('button', { name: /^More options for/ }).click();
	await page.getByRole('menuitem', { name: 'Rename' }).click();
	await page.getByRole('textbox', { name: 'Title' }).press('Space');
	await page.getByRole('textbox', { name: 'Title' }).press('ArrowLeft');
	expect(await paused(page)).toBe(true);
});

test('the speed is remembered, and a lock screen has a cover', async ({ page }) => {
	await openEpisode(page);
	await page.getByLabel('Speed').selectOption('1.5');
	await page.reload();
	await expect(page.getByLabel('Speed')).toHaveValue('1.5');
	await play(page).click();
	await expect
		.poll(() => element(page).evaluate((audio: HTMLAudioElement) => audio.playbackRate))
		.toBe(1.5);
	const cover = () => page.evaluate(() => navigator.mediaSession.metadata?.artwork[0]);
	await expect.poll(cover).toMatchObject({ sizes: '512x512', type: 'image/png' });
	const width = await page.evaluate(async () => {
		const image = new Image();
		image.src = navigator.mediaSession.metadata!.artwork[0]!.src;
		await image.decode();
		return image.naturalWidth;
	});
	expect(width).toBe(512);
});

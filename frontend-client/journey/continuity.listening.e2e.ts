/** Renaming, downloading and an expired audio URL do not disturb the player and its page. */

import type { Page } from '@playwright/test';
import {
	backButton,
	audioElement,
	currentSentence,
	LONG,
	openEpisode,
	isPaused,
	playButton,
	playbackTime,
	waitUntilStill
} from './episode_page';
import { expect, test } from './fixtures';

/** Play the episode for a while, scroll, and mark the elements that must stay. */
async function playAndScroll(page: Page) {
	await openEpisode(page);
	await playButton(page).click();
	await expect(currentSentence(page)).toHaveCount(1);
	await page.mouse.move(900, 500);
	await page.mouse.wheel(0, 300);
	await expect(backButton(page)).toBeVisible();
	await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(0);
	await waitUntilStill(page);
	await page.evaluate(() => document.querySelector('audio')!.setAttribute('data-same', ''));
	await page
		.locator('[data-sentence]')
		.nth(3)
		.evaluate((line) => line.setAttribute('data-same', ''));
}

/** No element was replaced, and playback continues. */
async function expectUndisturbed(page: Page, scripts: string[]) {
	await expect(page.locator('audio[data-same]')).toHaveCount(1);
	await expect(page.locator('[data-sentence][data-same]')).toHaveCount(1);
	expect(scripts).toHaveLength(1);
	const before = await playbackTime(page);
	await expect.poll(() => playbackTime(page)).toBeGreaterThan(before + 0.3);
}

function recordScriptRequests(page: Page): string[] {
	const requests: string[] = [];
	page.on('request', (request) => {
		if (request.url().endsWith('/script')) requests.push(request.url());
	});
	return requests;
}

test('renaming keeps player, transcript, scroll position and focus', async ({ page }) => {
	const scripts = recordScriptRequests(page);
	await playAndScroll(page);
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
	await expectUndisturbed(page, scripts);
	await page.getByRole('link', { name: 'Podcast apps' }).click();
	const bar = page.getByRole('region', { name: 'Now playing' });
	await expect(bar.getByRole('link', { name: 'Another title' })).toBeVisible();
});

test('downloading keeps player, transcript and scroll position', async ({ page }) => {
	const scripts = recordScriptRequests(page);
	await playAndScroll(page);
	const scroll = await page.evaluate(() => scrollY);
	await page.getByRole('button', { name: /^More options for/ }).click();
	const saving = page.waitForEvent('download');
	await page.getByRole('menuitem', { name: 'Save MP3 file' }).click();
	await saving;
	expect(Math.abs((await page.evaluate(() => scrollY)) - scroll)).toBeLessThan(10);
	await expectUndisturbed(page, scripts);
});

/** Reject every audio URL until the episode was reloaded `renewals` times. */
async function expireAudioUrl(page: Page, renewals: number) {
	let requests = 0;
	await page.route(new RegExp(`/api/podcast/${LONG}$`), async (route) => {
		requests++;
		await route.continue();
	});
	await page.route(/\.mp3|\/audio/, (route) =>
		requests < renewals ? route.fulfill({ status: 403, body: 'expired' }) : route.continue()
	);
}

test('an expired audio URL is renewed, and playback continues at the same position', async ({
	page
}) => {
	const scripts = recordScriptRequests(page);
	await playAndScroll(page);
	const scroll = await page.evaluate(() => scrollY);
	await expireAudioUrl(page, 1);
	const at = await playbackTime(page);
	await audioElement(page).evaluate((audio: HTMLAudioElement) => {
		const { currentTime, src } = audio;
		audio.src = src; // drops the buffer, so that the URL is requested again
		audio.currentTime = currentTime;
		void audio.play().catch(() => {});
	});
	await expect.poll(() => playbackTime(page)).toBeGreaterThan(at + 0.3);
	expect(await playbackTime(page)).toBeLessThan(at + 6);
	expect(Math.abs((await page.evaluate(() => scrollY)) - scroll)).toBeLessThan(10);
	await expectUndisturbed(page, scripts);
});

test('a paused episode stays paused when its audio URL expires', async ({ page }) => {
	await playAndScroll(page);
	await page.getByRole('button', { name: 'Pause' }).first().click();
	await expireAudioUrl(page, 1);
	const renewed = page.waitForResponse((answer) => answer.url().endsWith(LONG));
	await audioElement(page).evaluate((audio: HTMLAudioElement) => {
		audio.src = audio.src; // eslint-disable-line no-self-assign
		audio.load();
	});
	await renewed;
	await expect
		.poll(() => audioElement(page).evaluate((audio: HTMLAudioElement) => audio.readyState))
		.toBeGreaterThan(0);
	expect(await isPaused(page)).toBe(true);
});

test('a failed renewal is shown beside the player and can be retried', async ({ page }) => {
	const scripts = recordScriptRequests(page);
	await playAndScroll(page);
	const at = await playbackTime(page);
	await expireAudioUrl(page, 1);
	let away = true;
	await page.route(new RegExp(`/api/podcast/${LONG}$`), (route) =>
		away ? route.abort() : route.fallback()
	);
	await audioElement(page).evaluate((audio: HTMLAudioElement) => {
		const { currentTime, src } = audio;
		audio.src = src;
		audio.currentTime = currentTime;
		void audio.play().catch(() => {});
	});
	const alert = page.getByRole('region', { name: 'Player' }).getByRole('alert');
	await expect(alert).toContainText('The audio hasn’t loaded yet.');
	await expect(page.locator('[data-sentence][data-same]')).toHaveCount(1);
	away = false;
	await alert.getByRole('button', { name: 'Try again' }).click();
	await expect.poll(() => playbackTime(page)).toBeGreaterThan(at + 0.3);
	await expect(alert).toHaveCount(0);
	await expectUndisturbed(page, scripts);
});

test('keyboard shortcuts work after any click', async ({ page }) => {
	await openEpisode(page);
	await playButton(page).click();
	await expect.poll(() => playbackTime(page)).toBeGreaterThan(0.2);
	await page.getByRole('button', { name: 'Forward 30 seconds' }).click();
	const before = await playbackTime(page);
	await page.keyboard.press('ArrowLeft');
	await expect.poll(() => playbackTime(page)).toBeLessThan(before - 10);
	await page.getByRole('navigation', { name: 'Chapters' }).getByRole('button').first().click();
	await page.keyboard.press('ArrowRight');
	await expect.poll(() => playbackTime(page)).toBeGreaterThan(29);
	await page.getByRole('heading', { level: 1 }).click();
	await page.keyboard.press('Space');
	await expect.poll(() => isPaused(page)).toBe(true);

	// Elements that use a key themselves keep it.
	const at = await playbackTime(page);
	await page.getByRole('button', { name: 'Back 15 seconds' }).focus();
	await page.keyboard.press('Space');
	await expect.poll(() => playbackTime(page)).toBeLessThan(at - 10);
	expect(await isPaused(page)).toBe(true);
	await page.getByLabel('Position').focus();
	const slid = await playbackTime(page);
	await page.keyboard.press('ArrowRight');
	await expect.poll(() => playbackTime(page)).toBeGreaterThan(slid);
	expect(await playbackTime(page)).toBeLessThan(slid + 5);
	await page.getByRole('button', { name: /^More options for/ }).click();
	await page.getByRole('menuitem', { name: 'Rename' }).click();
	await page.getByRole('textbox', { name: 'Title' }).press('Space');
	await page.getByRole('textbox', { name: 'Title' }).press('ArrowLeft');
	expect(await isPaused(page)).toBe(true);
});

test('the speed is remembered, and the lock screen has a cover', async ({ page }) => {
	await openEpisode(page);
	await page.getByLabel('Speed').selectOption('1.5');
	await page.reload();
	await expect(page.getByLabel('Speed')).toHaveValue('1.5');
	await playButton(page).click();
	await expect
		.poll(() => audioElement(page).evaluate((audio: HTMLAudioElement) => audio.playbackRate))
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

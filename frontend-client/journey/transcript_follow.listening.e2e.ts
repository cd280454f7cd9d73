/** The transcript follows playback until the listener scrolls. */

import type { Page } from '@playwright/test';
import {
	backButton,
	audioElement,
	currentSentence,
	speedUp,
	openEpisode,
	playButton
} from './episode_page';
import { expect, test } from './fixtures';

const phone = { width: 390, height: 844 };
const desktop = { width: 1280, height: 800 };

/** Record for each sentence whether it was visible when the next one started. */
const watch = (page: Page) =>
	page.evaluate(() => {
		const seen: Record<string, boolean> = {};
		Object.assign(window, { seen });
		setInterval(() => {
			const now = document.querySelector<HTMLElement>('[data-sentence][aria-current=true]');
			if (!now) return;
			const { top, bottom } = now.getBoundingClientRect();
			seen[now.dataset.sentence!] = top >= 0 && bottom <= innerHeight;
		}, 50);
	});
const seen = (page: Page) =>
	page.evaluate(() => (window as unknown as { seen: Record<string, boolean> }).seen);

for (const [name, viewport] of Object.entries({ phone, desktop })) {
	test.describe(name, () => {
		test.use({ viewport, hasTouch: viewport === phone });

		test('the transcript follows a whole episode to its last sentence', async ({ page }) => {
			await openEpisode(page);
			const sentences = await page.locator('[data-sentence]').count();
			await watch(page);
			await playButton(page).click();
			const audio = audioElement(page);
			await expect
				.poll(() => audio.evaluate((element: HTMLAudioElement) => element.currentTime))
				.toBeGreaterThan(0);
			// Another test may have heard a part of it.
			await audio.evaluate((element: HTMLAudioElement) => (element.currentTime = 0));
			await speedUp(page);
			await expect
				.poll(() => audio.evaluate((element: HTMLAudioElement) => element.ended))
				.toBe(true);
			const visibility = await seen(page);
			expect(Object.keys(visibility)).toHaveLength(sentences);
			expect(Object.entries(visibility).filter(([, inSight]) => !inSight)).toEqual([]);
			await expect(backButton(page)).toHaveCount(0);
		});
	});
}

test.describe('following ends with', () => {
	const touches = async (page: Page) => {
		const client = await page.context().newCDPSession(page);
		const at = (y: number) => [{ x: 640, y }];
		await client.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(500) });
		for (const y of [480, 440, 400])
			await client.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(y) });
		await client.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
	};
	const ways: Record<string, (page: Page) => Promise<unknown>> = {
		'the wheel': async (page) => {
			await page.mouse.move(900, 500);
			await page.mouse.wheel(0, 40);
		},
		'a finger': touches,
		'the arrow down': (page) => page.keyboard.press('ArrowDown'),
		'page up': (page) => page.keyboard.press('PageUp'),
		'the end key': (page) => page.keyboard.press('End'),
		'the middle button': (page) => page.mouse.click(900, 500, { button: 'middle' })
	};
	for (const [name, act] of Object.entries(ways)) {
		test(name, async ({ page }) => {
			await openEpisode(page);
			await playButton(page).click();
			await expect(currentSentence(page)).toHaveCount(1);
			await expect(backButton(page)).toHaveCount(0);
			await act(page);
			await expect(backButton(page)).toBeVisible();
			// By a key: at the page's end the button moves, and a click that has begun would miss it.
			await backButton(page).press('Enter');
			await expect(backButton(page)).toHaveCount(0);
			await expect(currentSentence(page)).toBeInViewport();
		});
	}

	test('not with changes by the page or scrolling inside it', async ({ page }) => {
		await openEpisode(page);
		await playButton(page).click();
		await expect(currentSentence(page)).toHaveCount(1);
		await page.evaluate(() => {
			const picture = document.createElement('div');
			picture.style.height = '2000px';
			document.querySelector('[aria-labelledby=transcript]')!.prepend(picture);
		});
		await expect(currentSentence(page)).toBeInViewport();
		await page.getByLabel('Speed').focus();
		await page.keyboard.press('ArrowDown');
		await page.setViewportSize({ width: 900, height: 700 });
		await expect(currentSentence(page)).toBeInViewport();
		await expect(backButton(page)).toHaveCount(0);
	});
});

/** An episode's page, and what is heard on it. */

import type { Page } from '@playwright/test';
import { expect } from './fixtures';

export const { LONG = '', WIDE = '' } = process.env;

export const heard = (page: Page) => page.locator('[data-sentence][aria-current=true]');
export const back = (page: Page) => page.getByRole('button', { name: 'Back to current' });
export const play = (page: Page) => page.getByRole('button', { name: /^Play “/ }).first();
export const element = (page: Page) => page.locator('audio');
export const seconds = (page: Page) =>
	element(page).evaluate((audio: HTMLAudioElement) => audio.currentTime);
export const paused = (page: Page) =>
	element(page).evaluate((audio: HTMLAudioElement) => audio.paused);
/** So fast that a whole episode is heard within a test. */
const FAST = 4;
export const hurry = (page: Page) =>
	element(page).evaluate((audio: HTMLAudioElement, rate) => (audio.playbackRate = rate), FAST);

export async function openEpisode(page: Page, id = LONG) {
	await page.goto(`/dashboard/podcast/${id}`);
	await expect(page.locator('[data-sentence]').first()).toBeVisible();
}

/** Wait until nothing scrolls any more. */
export const still = (page: Page) =>
	page.evaluate(async () => {
		for (let before = -1; before !== scrollY; await new Promise((go) => setTimeout(go, 200)))
			before = scrollY;
	});

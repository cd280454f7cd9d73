/** An episode's page and its player. */

import type { Page } from '@playwright/test';
import { expect } from './fixtures';

export const { LONG = '', WIDE = '' } = process.env;

export const currentSentence = (page: Page) => page.locator('[data-sentence][aria-current=true]');
export const backButton = (page: Page) => page.getByRole('button', { name: 'Back to current' });
export const playButton = (page: Page) => page.getByRole('button', { name: /^Play “/ }).first();
export const audioElement = (page: Page) => page.locator('audio');
export const playbackTime = (page: Page) =>
	audioElement(page).evaluate((audio: HTMLAudioElement) => audio.currentTime);
export const isPaused = (page: Page) =>
	audioElement(page).evaluate((audio: HTMLAudioElement) => audio.paused);
/** Fast enough to play a whole episode within a test. */
const FAST = 4;
export const speedUp = (page: Page) =>
	audioElement(page).evaluate((audio: HTMLAudioElement, rate) => (audio.playbackRate = rate), FAST);

export async function openEpisode(page: Page, id = LONG) {
	await page.goto(`/dashboard/podcast/${id}`);
	await expect(page.locator('[data-sentence]').first()).toBeVisible();
}

/** Frames without a movement after which nothing scrolls any more. */
const STILL_FRAMES = 5;

/** Wait until nothing scrolls any more. */
export const waitUntilStill = (page: Page) =>
	page.evaluate(async (stillFrames) => {
		let still = 0;
		const restart = () => (still = 0);
		document.addEventListener('scroll', restart, true);
		while (still++ < stillFrames) await new Promise(requestAnimationFrame);
		document.removeEventListener('scroll', restart, true);
	}, STILL_FRAMES);

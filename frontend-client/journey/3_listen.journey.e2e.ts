import { readFileSync } from 'node:fs';
import type { Page, Response } from '@playwright/test';
import { waitUntilStill } from './episode_page';
import { expect, test } from './fixtures';

const playbackTime = (page: Page) =>
	page.evaluate(() => document.querySelector('audio')!.currentTime);
const top = (page: Page) => page.evaluate(() => scrollY);
const currentSentence = (page: Page) => page.locator('[data-sentence][aria-current=true]');

async function open(page: Page) {
	await page.goto('/dashboard');
	await page
		.getByRole('listitem')
		.filter({ has: page.getByRole('button', { name: /^Play / }) })
		.getByRole('link')
		.first()
		.click();
	await expect(page.getByRole('heading', { name: 'Transcript' })).toBeVisible();
}

test('an episode plays, seeks by chapter with range requests, and the transcript follows', async ({
	page
}) => {
	const media: Response[] = [];
	page.on('response', (response) => {
		if (response.request().resourceType() === 'media') media.push(response);
	});
	const isRange = async (response: Response) =>
		response.status() === 206 &&
		(await response.request().headerValue('range'))?.startsWith('bytes=');
	await open(page);
	await page.getByRole('button', { name: /^Play / }).click();
	await expect.poll(() => playbackTime(page)).toBeGreaterThan(0.5);
	await expect(currentSentence(page)).toHaveCount(1);

	const chapters = page.getByRole('navigation', { name: 'Chapters' }).getByRole('button');
	expect(await chapters.count()).toBeGreaterThan(2);
	await chapters.last().click();
	await expect(chapters.last()).toHaveAttribute('aria-current', 'true');
	await expect(currentSentence(page)).toBeInViewport();
	await expect.poll(async () => (await Promise.all(media.map(isRange))).includes(true)).toBe(true);

	await page.getByRole('button', { name: 'Back 15 seconds' }).click();
	await page.getByLabel('Speed').selectOption('1.5');
	expect(await page.evaluate(() => document.querySelector('audio')!.playbackRate)).toBe(1.5);
});

test('the transcript stops following a listener who scrolls, until they ask', async ({ page }) => {
	await open(page);
	await page.getByRole('button', { name: /^Play / }).click();
	await expect(currentSentence(page)).toHaveCount(1);
	await page.mouse.move(900, 500);
	await page.mouse.wheel(0, 900);
	const follow = page.getByRole('button', { name: 'Back to current' });
	await expect(follow).toBeVisible();
	await expect.poll(() => top(page)).toBeGreaterThan(0); // the button appears before the page scrolls
	await waitUntilStill(page);
	const before = await top(page);
	const sentence = await currentSentence(page).innerText();
	await expect(currentSentence(page)).not.toHaveText(sentence);
	expect(await top(page)).toBe(before);

	await follow.click();
	await expect(currentSentence(page)).toBeInViewport();
	await expect(follow).toHaveCount(0);
});

test('a sentence shows the paragraph it cites', async ({ page }) => {
	await open(page);
	const sourced = page.locator('[data-sentence]:not(.italic)').first();
	const said = await sourced.innerText();
	await sourced.click();
	const sheet = page.getByRole('dialog');

	await expect(sheet.getByRole('blockquote')).toHaveText(said);
	const source = sheet.getByRole('article').first();
	await expect(source.getByRole('heading').first()).not.toBeEmpty();
	const word = said
		.split(/\W+/u)
		.reduce((longest, next) => (next.length > longest.length ? next : longest));
	await expect(sheet.getByRole('article').filter({ hasText: word })).not.toHaveCount(0);
	await expect(sheet.locator('mark').filter({ hasText: word })).not.toHaveCount(0);
	await sheet.getByRole('button', { name: /^Play from/ }).click();
	await expect(sheet).toHaveCount(0);
	await expect.poll(() => playbackTime(page)).toBeGreaterThan(0);
});

test('the keyboard is enough, and playback continues across pages', async ({ page }) => {
	await open(page);
	await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
	await page.keyboard.press('Space');
	await expect.poll(() => playbackTime(page)).toBeGreaterThan(0.3);
	const before = await playbackTime(page);
	await page.keyboard.press('ArrowRight');
	await expect.poll(() => playbackTime(page)).toBeGreaterThan(before + 25);

	await page.getByRole('link', { name: 'Podcast apps' }).press('Enter');
	const bar = page.getByRole('region', { name: 'Now playing' });
	await expect(bar).toBeVisible();
	await bar.getByRole('button', { name: 'Pause' }).press('Enter');
	expect(await page.evaluate(() => document.querySelector('audio')!.paused)).toBe(true);
});

test('keys change chapter and speed on every page, and are listed', async ({ page }) => {
	await open(page);
	await page.getByLabel('Playback speed').selectOption('1'); // it follows the listener
	await page.getByRole('button', { name: /^Play / }).click();
	await expect.poll(() => playbackTime(page)).toBeGreaterThan(0.3);
	const chapters = page.getByRole('navigation', { name: 'Chapters' }).getByRole('button');
	await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
	const list = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
	await expect(list).toContainText('Next chapter');
	await page.keyboard.press('Escape');
	await expect(list).toHaveCount(0);

	await page.getByRole('link', { name: 'Podcast apps' }).click();
	await expect(page.getByRole('region', { name: 'Now playing' })).toBeVisible();
	await page.keyboard.press('Shift+ArrowRight');
	await page.keyboard.press('Shift+ArrowUp');
	await page.goBack();
	await expect(chapters.nth(1)).toHaveAttribute('aria-current', 'true');
	await expect(page.getByLabel('Playback speed')).toHaveValue('1.2');
	await page.keyboard.press('Shift+ArrowDown');
	await page.keyboard.press('Shift+ArrowLeft');
	await expect(page.getByLabel('Playback speed')).toHaveValue('1');
	await expect(chapters.first()).toHaveAttribute('aria-current', 'true');
});

test('a sleep timer pauses at the end of the chapter', async ({ page }) => {
	await open(page);
	const timer = page.getByLabel('Sleep timer');
	await expect(timer).toBeDisabled();
	await page.getByRole('button', { name: /^Play / }).click();
	await expect.poll(() => playbackTime(page)).toBeGreaterThan(0.3);
	await timer.selectOption('End of chapter');
	await page.getByLabel('Playback speed').selectOption('2');

	const paused = () => page.evaluate(() => document.querySelector('audio')!.paused);
	await expect.poll(paused).toBe(true);
	await expect(timer).toHaveValue('0');
	expect(await playbackTime(page)).toBeGreaterThan(1);
	await page.getByLabel('Playback speed').selectOption('1');
});

test('an episode can be renamed and downloaded', async ({ page }) => {
	await open(page);
	await page.getByRole('button', { name: /^More options for/ }).click();
	await page.getByRole('menuitem', { name: 'Rename' }).click();
	await page.getByRole('textbox', { name: 'Title' }).fill('A quiet <b>morning</b>');
	await page.getByRole('button', { name: 'Save', exact: true }).click();
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('A quiet <b>morning</b>');

	await page.getByRole('button', { name: /^More options for/ }).click();
	const saving = page.waitForEvent('download');
	await page.getByRole('menuitem', { name: 'Save MP3 file' }).click();
	const saved = await saving;
	expect(saved.suggestedFilename()).toBe('A quiet b morning b.mp3');
	expect(readFileSync(await saved.path()).length).toBeGreaterThan(100_000);
});

test('an unknown episode has a message', async ({ page }) => {
	await page.goto('/dashboard/podcast/00000000-0000-4000-8000-000000000000');

	await expect(page.getByText(/no such episode|not found/i)).toBeVisible();
});

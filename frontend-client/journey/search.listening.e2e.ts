/** Searching: while typing, by keys, and from a result to the place in the episode. */

import type { Page } from '@playwright/test';
import { currentSentence, isPaused, LONG } from './episode_page';
import { expect, test } from './fixtures';
import { findViolations, waitUntilSettled } from './page_checks';

const phone = { width: 390, height: 844 };

const dialog = (page: Page) => page.getByRole('dialog', { name: 'Search' });
const field = (page: Page) => page.getByRole('searchbox', { name: 'Search' });
const places = (page: Page) => dialog(page).getByRole('link');
const newsletters = (page: Page) => dialog(page).getByRole('button', { name: /Harbour letter/ });

/** Open the search on the home page, and type. */
async function searchFor(page: Page, text: string) {
	await page.goto('/dashboard');
	await page.getByRole('button', { name: 'Search' }).click();
	await field(page).fill(text);
}

test('keys open the search, go through the results and play one', async ({ page }) => {
	await page.goto('/dashboard');
	await expect(page.getByRole('heading', { name: 'Brew an episode' })).toBeVisible();
	await page.keyboard.press('/');
	await expect(field(page)).toBeFocused();
	await page.keyboard.type('SECOND BASIN "april, the coun');
	await expect(places(page).first().locator('mark').filter({ hasText: 'basin' })).toBeVisible();
	await page.keyboard.press('ArrowDown');
	await expect(places(page).first()).toBeFocused();
	await page.keyboard.press('ArrowUp');
	await expect(field(page)).toBeFocused();
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('Enter');

	await expect(page).toHaveURL(new RegExp(`/dashboard/podcast/${LONG}#sentence-\\d+$`));
	await expect(dialog(page)).toHaveCount(0);
	await expect.poll(() => isPaused(page)).toBe(false);
	await expect(currentSentence(page)).toContainText('second basin');
});

test('the last text wins, whatever the order of the answers', async ({ page }) => {
	let release = () => {};
	const isReleased = new Promise<void>((resolve) => (release = resolve));
	await page.route(/\/api\/search\/stories\?q=ferries&/, async (route) => {
		await isReleased;
		await route.continue().catch(() => {}); // the page gave it up
	});
	await searchFor(page, 'ferries');
	await expect(dialog(page).getByText('Searching…')).toBeVisible();
	await field(page).fill('bicycles');
	await expect(places(page).first()).toContainText('Bicycles');
	release();
	await field(page).fill('bicycles travel');
	await expect(places(page).first().locator('mark').filter({ hasText: 'travel' })).toBeVisible();
	await expect(dialog(page).locator('mark').filter({ hasText: 'Ferries' })).toHaveCount(0);
});

test('nothing found, and a failure that a second try repairs', async ({ page }) => {
	await searchFor(page, 'zanzibar quokka');
	await expect(dialog(page).getByText('Nothing found for “zanzibar quokka”').last()).toBeVisible();
	await page.route('**/api/search/stories**', (route) =>
		route.fulfill({
			status: 429,
			contentType: 'application/problem+json',
			body: '{"detail": "Too many requests."}'
		})
	);
	await field(page).fill('ferries');
	await expect(dialog(page).getByRole('alert')).toHaveText('Too many requests.');
	await page.unroute('**/api/search/stories**');
	await dialog(page).getByRole('button', { name: 'Try again' }).click();
	await expect(places(page).first()).toContainText('Ferries');
	await field(page).fill('');
	await expect(
		dialog(page).getByText('Find what an episode said, and play from there.')
	).toBeVisible();
});

test('a newsletter is opened and left again', async ({ page }) => {
	await searchFor(page, 'harbour notes 3');
	await newsletters(page).first().click();
	const sheet = page.getByRole('dialog', { name: 'Harbour letter 3' });
	await expect(sheet.getByText('The pilots had asked for it')).toBeVisible();
	await sheet.getByRole('button', { name: 'Close' }).click();
	await expect(dialog(page)).toBeVisible();
	await page.keyboard.press('Escape');
	await expect(dialog(page)).toHaveCount(0);
	await expect(page.getByRole('button', { name: 'Search' })).toBeFocused();
});

test('the key / can be turned off, and types a / in a field', async ({ page }) => {
	await searchFor(page, 'a');
	await page.keyboard.type('/');
	await expect(field(page)).toHaveValue('a/');
	await page.keyboard.press('Escape');
	await page.goto(`/dashboard/podcast/${LONG}`);
	await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
	await page.getByRole('checkbox', { name: 'Search with the key /' }).uncheck();
	await page.keyboard.press('Escape');
	await expect(page.getByRole('dialog')).toHaveCount(0);
	await page.keyboard.press('/');
	await expect(page.getByRole('dialog')).toHaveCount(0);
	await page.keyboard.press('Control+k');
	await expect(field(page)).toBeFocused();
});

test.describe('on a phone', () => {
	test.use({ viewport: phone, hasTouch: true });

	test('a tap on a result plays there', async ({ page }) => {
		await searchFor(page, 'pilots');
		await expect(places(page).first()).toBeVisible();
		await waitUntilSettled(page);
		expect(await findViolations(page)).toEqual([]);
		expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(phone.width);
		await places(page).first().tap();
		await expect.poll(() => isPaused(page)).toBe(false);
		await expect(currentSentence(page)).toContainText('pilots');
	});
});

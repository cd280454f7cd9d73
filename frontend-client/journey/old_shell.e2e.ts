import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';

const workers = (page: Page) =>
	page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length);

/** The old application as it was left: its worker answers every page from its cache. */
async function usedTheOldApp(page: Page) {
	await page.goto('/dashboard');
	await page.evaluate(() => navigator.serviceWorker.ready);
	await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
	await page.reload();
	await expect(page.getByRole('heading', { name: 'The old shell' })).toBeVisible();
	expect(await page.evaluate(() => caches.keys())).toEqual(['audiobrew-v1']);
}

test('who has the old shell in the browser gets the new app at the next visit', async ({
	page,
	request
}) => {
	await usedTheOldApp(page);
	await request.post('/deploy');
	const navigations: string[] = [];
	page.on('request', (asked) => asked.isNavigationRequest() && navigations.push(asked.url()));
	await page.goto('/dashboard');

	await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
	expect(await workers(page)).toBe(0);
	expect(await page.evaluate(() => caches.keys())).toEqual([]);
	await page.goto('/');
	await expect(page.getByRole('heading', { name: 'The old shell' })).toBeHidden();
	await page.goto('/dashboard');
	await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
	expect(await workers(page)).toBe(0);
	expect(navigations.length).toBe(4); // the visit, loaded anew once, and two more
});

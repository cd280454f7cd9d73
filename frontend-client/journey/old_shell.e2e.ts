import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';

/** The scripts of the service workers that are active. */
const workers = (page: Page) =>
	page.evaluate(async () =>
		(await navigator.serviceWorker.getRegistrations()).map(({ active }) =>
			active ? new URL(active.scriptURL).pathname : null
		)
	);

/** Use the old application until its service worker serves every page from its cache. */
async function openOldApp(page: Page) {
	await page.goto('/dashboard');
	await page.evaluate(() => navigator.serviceWorker.ready);
	await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
	await page.reload();
	await expect(page.getByRole('heading', { name: 'The old shell' })).toBeVisible();
	expect(await page.evaluate(() => caches.keys())).toEqual(['audiobrew-v1']);
}

test('a browser with the old shell gets the new app on the next visit', async ({
	page,
	request
}) => {
	await openOldApp(page);
	await request.post('/deploy');
	await page.goto('/dashboard');

	await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
	await expect.poll(() => workers(page)).toEqual(['/service-worker.js']);
	expect(await page.evaluate(() => caches.keys())).toEqual([
		expect.stringMatching(/^audiobrew-app-/)
	]);
	await page.goto('/');
	await expect(page.getByRole('heading', { name: 'The old shell' })).toBeHidden();
	await page.goto('/dashboard');
	await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
	expect(await workers(page)).toEqual(['/service-worker.js']);
});

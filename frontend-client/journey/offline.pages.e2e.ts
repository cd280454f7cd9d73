/** Without a connection, a page says so once, names what is missing, and loads it later by itself. */

import type { Page } from '@playwright/test';
import { LONG } from './episode_page';
import { expect, test } from './fixtures';

const connectionLost = (page: Page) =>
	page.getByText(/can’t be reached|isn’t responding|you’re offline|will reconnect/i);
const disconnect = (page: Page) => page.route('**/api/**', (route) => route.abort());
/** Hold all requests until the button is pressed: the app also reconnects by itself, and then there is no button. */
const reconnect = async (page: Page) => {
	const click = Promise.withResolvers<void>();
	await page.route('**/api/**', async (route) => {
		await click.promise;
		await route.continue();
	});
	await page.getByRole('button', { name: 'Try now' }).click();
	click.resolve();
	await page.unrouteAll({ behavior: 'wait' });
};
/** A link inside the app, which keeps what is loaded. */
const goTo = (page: Page, name: string) => page.getByRole('link', { name, exact: true }).click();

test('pages opened without a connection', async ({ page }) => {
	await page.goto('/dashboard/profile');
	await expect(page.getByRole('heading', { name: 'Profile' })).toBeVisible();
	await disconnect(page);
	for (const [name, lacking] of [
		['Podcast apps', 'Your feed links haven’t loaded yet.'],
		['Schedule', 'Your schedule hasn’t loaded yet.'],
		['Episodes', 'Your episodes haven’t loaded yet.']
	] as const) {
		await goTo(page, name);
		await expect(page.getByText(lacking)).toBeVisible();
		await expect(connectionLost(page)).toHaveCount(1);
		await expect(page.getByText(/loading|looking…/i)).toHaveCount(0);
		await expect(page.getByRole('alert')).toHaveCount(0);
	}
	await expect(page.getByTestId('quote')).toHaveText('Your emails haven’t loaded yet.');
	for (const colorScheme of ['light', 'dark'] as const) {
		await page.emulateMedia({ colorScheme });
		for (const [size, width, height] of [
			['phone', 390, 844],
			['desktop', 1280, 800]
		] as const) {
			await page.setViewportSize({ width, height });
			await page.screenshot({ path: `journey/.shots/not-loaded-${size}-${colorScheme}.png` });
		}
	}

	await reconnect(page);
	await expect(page.getByRole('button', { name: /^Play “/ }).first()).toBeVisible();
	await expect(page.getByTestId('quote')).toContainText(/from \d+ newsletters/);
	await expect(page.getByText(/n’t loaded yet/)).toHaveCount(0);
});

for (const [name, action] of [
	['Podcast apps', 'Revoked'],
	['Schedule', 'Turn on']
] as const)
	test(`${name} is loaded once there is a connection`, async ({ page }) => {
		await page.goto('/dashboard/profile');
		await expect(page.getByRole('heading', { name: 'Profile' })).toBeVisible();
		await disconnect(page);
		await goTo(page, name);
		await expect(page.getByText(/n’t loaded yet/)).toBeVisible();
		await reconnect(page);
		await expect(page.getByText(/n’t loaded yet/)).toHaveCount(0);
		await expect(page.getByText(action).or(page.getByText('No feed links yet'))).toBeVisible();
	});

test('an episode opened without a connection', async ({ page }) => {
	await page.goto('/dashboard');
	const link = page.locator(`a[href="/dashboard/podcast/${LONG}"]`);
	await expect(link).toBeVisible();
	await disconnect(page);
	await link.click();
	await expect(page.getByText('The transcript hasn’t loaded yet.')).toBeVisible();
	await expect(connectionLost(page)).toHaveCount(1);
	await page.getByRole('button', { name: /^Play “/ }).click();
	await expect(page.getByText('The audio hasn’t loaded yet.')).toBeVisible();
	await expect(connectionLost(page)).toHaveCount(1);
	await page.screenshot({ path: 'journey/.shots/not-loaded-episode.png' });

	await reconnect(page);
	await expect(page.locator('[data-sentence]').first()).toBeVisible();
});

test('an order changed without a connection gets a quote after the recovery', async ({ page }) => {
	await page.goto('/dashboard');
	const quote = page.getByTestId('quote');
	await expect(quote).toContainText(/from \d+ newsletters/);
	await disconnect(page);
	await page.getByRole('button', { name: 'One minute more' }).click();
	await expect(connectionLost(page)).toBeVisible();
	await expect(quote).toHaveText('Everything new');
	await expect(connectionLost(page)).toHaveCount(1);
	await expect(page.getByRole('button', { name: /^Play “/ }).first()).toBeVisible();

	await reconnect(page);
	await expect(quote).toContainText(/from \d+ newsletters/);
});

test('a newsletter opened without a connection', async ({ page }) => {
	await page.goto('/dashboard');
	await page.getByText('Let me choose').click();
	const row = page.getByRole('list', { name: 'Newsletters' }).getByRole('button').first();
	await expect(row).toBeVisible();
	await disconnect(page);
	await row.click();
	await expect(page.getByText('This email hasn’t loaded yet.')).toBeVisible();
	await expect(connectionLost(page)).toHaveCount(1);

	await page.unroute('**/api/**');
	await page.evaluate(() => dispatchEvent(new Event('online')));
	await expect(page.getByText(/paragraphs? can be used in an episode/)).toBeVisible();
});

import type { Page } from '@playwright/test';
import { checkAppearance, watchShifts } from './page_checks';
import { expect, test } from './fixtures';

/** How many seconds of audio have been played. */
const playedSeconds = (page: Page) =>
	page.evaluate(() => document.querySelector('audio')!.currentTime);
const { ADDRESS = '', PASSWORD = '' } = process.env;

test('episodes of the old application can be read and played, and have no sources', async ({
	page
}, info) => {
	await watchShifts(page);
	await page.goto('/dashboard');
	await page.getByLabel('Email address').fill(ADDRESS);
	await page.getByLabel('Password').fill(PASSWORD);
	await page.getByRole('button', { name: 'Sign in', exact: true }).click();
	const text = page.getByRole('region', { name: 'Transcript' });
	await page.getByRole('link', { name: 'Tuesday brew' }).click();
	await expect(page.getByRole('button', { name: 'Play “Tuesday brew”' })).toBeVisible();
	await expect(page.getByRole('heading', { name: 'Chapters' })).toHaveCount(0);
	await expect(page.getByText('recorded no sources')).toBeVisible();
	await expect(text).not.toContainText('sources');
	await expect(text).toContainText('The harvest grew by 12 percent.');
	await checkAppearance(page, 'before', info);
	await page.getByRole('button', { name: 'Play “Tuesday brew”' }).click();
	await expect.poll(() => playedSeconds(page)).toBeGreaterThan(0.3);

	await page.getByRole('link', { name: 'Episodes' }).first().click();
	await page.getByRole('link', { name: 'Never spoken' }).click();
	await expect(page.getByText('could not make audio for this episode')).toBeVisible();
	await expect(text).toContainText('The harvest grew by 12 percent.');
	await expect(page.getByRole('button', { name: 'Try again' })).toHaveCount(0); // it cannot be retried
	await checkAppearance(page, 'before-failed', info);
});

import { checkAppearance, forgetShifts, watchShifts } from './page_checks';
import { expect, test } from './fixtures';

test.beforeEach(({ page }) => watchShifts(page));

test('signing in and creating an account', async ({ page }, info) => {
	await page.addInitScript(() => localStorage.removeItem('audiobrew.supabase'));
	await page.goto('/dashboard');
	await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
	await checkAppearance(page, 'supabase-sign-in', info);
	await page.getByRole('button', { name: 'Create account' }).click();
	await expect(page.getByRole('heading', { name: 'Create account' })).toBeVisible();
	await checkAppearance(page, 'supabase-sign-up', info);
});

test('Gmail as a source, and the profile', async ({ page }, info) => {
	await page.goto('/dashboard/sources');
	await expect(page.getByLabel('Read newsletters from')).toBeVisible();
	await forgetShifts(page);
	await checkAppearance(page, 'sources-gmail', info);
	await page.goto('/dashboard/profile');
	await expect(page.getByRole('button', { name: 'Delete account' })).toBeVisible();
	await forgetShifts(page);
	await checkAppearance(page, 'profile', info);
	await page.getByRole('button', { name: 'Delete account' }).click();
	await expect(page.getByRole('dialog')).toBeVisible();
	await checkAppearance(page, 'delete-account', info, false);
});

test('the schedule', async ({ page }, info) => {
	await page.goto('/dashboard/schedule');
	await expect(page.getByLabel('Time zone')).toBeVisible();
	await checkAppearance(page, 'schedule', info);
});

test('the dashboard with its quote', async ({ page }, info) => {
	await page.route('**/api/gmail/status', async (route) => {
		await new Promise((resolve) => setTimeout(resolve, 3_000)); // a late answer must not move the page
		await route.continue();
	});
	await page.goto('/dashboard');
	await page.getByText('More options').click();
	await expect(page.getByLabel('Language')).toBeVisible();
	await expect(page.getByTestId('quote')).toHaveText(/from \d+ newsletter|caught up/);
	await forgetShifts(page);
	await expect(page.getByRole('button', { name: 'Check for new emails' })).toBeVisible();
	await checkAppearance(page, 'order', info);
});

test('a deleted account', async ({ page }, info) => {
	await page.goto('/dashboard/deleted');
	await expect(page.getByRole('heading', { name: 'Your account was deleted' })).toBeVisible();
	await checkAppearance(page, 'deleted', info);
});

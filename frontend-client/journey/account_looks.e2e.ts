import { forgetShifts, look, watchShifts } from './look';
import { expect, test } from './watched';

test.beforeEach(({ page }) => watchShifts(page));

test('signing in and making an account', async ({ page }, info) => {
	await page.addInitScript(() => localStorage.removeItem('audiobrew.supabase'));
	await page.goto('/dashboard');
	await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
	await look(page, 'supabase-sign-in', info);
	await page.getByRole('button', { name: 'Make an account' }).click();
	await expect(page.getByRole('heading', { name: 'Make an account' })).toBeVisible();
	await look(page, 'supabase-sign-up', info);
});

test('the profile', async ({ page }, info) => {
	await page.goto('/dashboard/profile');
	await expect(page.getByLabel('Read newsletters from')).toBeVisible();
	await forgetShifts(page);
	await look(page, 'profile', info);
	await page.getByRole('button', { name: 'Delete account' }).click();
	await expect(page.getByRole('dialog')).toBeVisible();
	await look(page, 'delete-account', info, false);
});

test('the schedule', async ({ page }, info) => {
	await page.goto('/dashboard/schedule');
	await expect(page.getByLabel('Time zone')).toBeVisible();
	await look(page, 'schedule', info);
});

test('the dashboard with its quote', async ({ page }, info) => {
	await page.route('**/api/gmail/status', async (route) => {
		await new Promise((go) => setTimeout(go, 3_000)); // a late answer moves nothing
		await route.continue();
	});
	await page.goto('/dashboard');
	await page.getByText('More choices').click();
	await expect(page.getByLabel('Language')).toBeVisible();
	await expect(page.getByTestId('quote')).toHaveText(/./);
	await forgetShifts(page);
	await expect(page.getByRole('button', { name: 'Look for new mails' })).toBeVisible();
	await look(page, 'order', info);
});

test('a closed account', async ({ page }, info) => {
	await page.goto('/dashboard/deleted');
	await expect(page.getByRole('heading', { name: 'Your account is closed' })).toBeVisible();
	await look(page, 'deleted', info);
});

import { expect, test } from '@playwright/test';
import { RETRY } from './fixtures';

const link = process.env.SIGN_IN ?? '';
const code = new URL(link).hash.replace('#code=', '');

test('the link from the terminal signs in once and leaves no trace', async ({ page, browser }) => {
	await page.goto(link);
	await expect(page.getByRole('heading', { name: 'Brew an episode' })).toBeVisible();

	expect(page.url()).not.toContain(code);
	expect(await page.evaluate(() => history.length)).toBeLessThanOrEqual(2);
	expect(await page.content()).not.toContain(code);
	await page.context().storageState({ path: 'journey/.signed-in.json' });

	const stranger = await browser.newPage();
	await stranger.goto(link);
	await expect(stranger.getByRole('heading', { name: 'Sign in' })).toBeVisible();
	await expect(stranger.getByRole('alert')).toContainText(/link|code/i);
	expect(stranger.url()).not.toContain(code);
});

test('without a session, a page shows how to sign in', async ({ page }) => {
	await page.goto('/dashboard');

	await expect(page.getByText('Open the sign-in link shown in the terminal')).toBeVisible();
	await page.getByLabel('Or paste the link').fill('not a link');
	await page.getByRole('button', { name: 'Sign in' }).click();
	await expect(page.getByRole('alert')).toHaveText(
		'This link doesn’t look right. Please paste the whole link.'
	);
});

test('a local installation does not load Supabase', async ({ page }) => {
	const scripts = new Set<string>();
	page.on('request', (request) => {
		if (new URL(request.url()).pathname.endsWith('.js')) scripts.add(request.url());
	});
	await page.goto('/dashboard', { waitUntil: 'networkidle' });
	await expect(page.getByLabel('Or paste the link')).toBeVisible();

	expect(scripts.size).toBeGreaterThan(3);
	for (const url of scripts)
		expect(await (await page.request.get(url, RETRY)).text(), url).not.toContain('GoTrue');
});

import { expect, test } from './fixtures';

test('the listener signs in', async ({ page }, { config }) => {
	await page.goto(process.env.SIGN_IN ?? '');
	await expect(page.getByRole('heading', { name: 'Brew an episode' })).toBeVisible();
	await page.context().storageState({ path: config.metadata.state });
});

import { expect, test } from './watched';
import { STATE } from './listening';

test('the listener signs in', async ({ page }) => {
	await page.goto(process.env.SIGN_IN ?? '');
	await expect(page.getByRole('heading', { name: 'Brew an episode' })).toBeVisible();
	await page.context().storageState({ path: STATE });
});

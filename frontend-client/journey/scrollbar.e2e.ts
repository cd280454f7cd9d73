/** The window's scrollbar, which headless browsers hide by default. */

import { expect, test } from './fixtures';

test.use({
	launchOptions: async ({ launchOptions }, use) =>
		use({ ...launchOptions, ignoreDefaultArgs: ['--hide-scrollbars'] })
});

test('dragging the scrollbar stops following', async ({ page }) => {
	await page.goto(`/dashboard/podcast/${process.env.LONG}`);
	await page
		.getByRole('button', { name: /^Play “/ })
		.first()
		.click();
	await expect(page.locator('[data-sentence][aria-current=true]')).toHaveCount(1);
	const { width, inner } = await page.evaluate(() => ({
		width: document.documentElement.clientWidth,
		inner: innerWidth
	}));
	expect(width).toBeLessThan(inner);

	await page.mouse.move(inner - 3, 80);
	await page.mouse.down();
	await page.mouse.move(inner - 3, 400, { steps: 5 });
	await page.mouse.up();
	await expect(page.getByRole('button', { name: 'Back to current' })).toBeVisible();
});

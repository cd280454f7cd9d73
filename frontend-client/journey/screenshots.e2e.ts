/** The pictures of the product on its landing page. */

import { waitUntilSettled } from './page_checks';
import { expect, test } from './fixtures';

const folder = process.env.SCREENSHOTS ?? '';

for (const colorScheme of ['light', 'dark'] as const)
	test(`pictures in ${colorScheme} colours`, async ({ page }) => {
		await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
		const take = async (name: string) => {
			await waitUntilSettled(page);
			const path = `${folder}/${name}-${colorScheme}.jpg`;
			await page.screenshot({ path, type: 'jpeg', quality: 80 });
		};

		await page.goto('/dashboard');
		await expect(page.getByRole('button', { name: /^Play / })).toHaveCount(3);
		await take('library');

		await page.getByRole('link', { name: 'Salt in the north' }).first().click();
		await page.getByRole('region', { name: 'Transcript' }).waitFor();
		await page.getByRole('button', { name: /^Play / }).click();
		await expect(page.locator('[data-sentence][aria-current=true]')).toBeVisible();
		await page.getByRole('button', { name: 'Pause' }).first().click();
		await take('episode');
	});

import { expect, keepNotices, RETRY, test } from './fixtures';

test('a feed link is created, copied, opened and revoked', async ({ page, context, request }) => {
	await context.grantPermissions(['clipboard-read', 'clipboard-write']);
	await keepNotices(page);
	await page.goto('/dashboard/apps');
	await expect(page.getByRole('heading', { name: 'No feed links yet' })).toBeVisible();
	await page.getByLabel('Which device or app?').fill('Kitchen radio');
	await page.getByRole('button', { name: 'Create feed link' }).click();
	const address = await page.getByTestId('address').innerText();
	await expect(page.getByText('No phone can reach this link')).toBeVisible();
	await page.getByRole('button', { name: 'Copy link' }).click();
	await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible();
	expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(address);

	const feed = await request.get(address, RETRY);
	expect(feed.status()).toBe(200);
	expect(await feed.text()).toContain('<enclosure');

	await page.reload();
	await expect(page.getByText('Last used: Today')).toBeVisible();
	expect(await page.content()).not.toContain(new URL(address).pathname.split('/')[2]);
	await page.getByRole('button', { name: 'Revoke the feed link for Kitchen radio' }).click();
	await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click();
	await expect(page.getByText('Revoked (1)')).toBeVisible();
	expect((await request.get(address, RETRY)).status()).toBe(410);
});

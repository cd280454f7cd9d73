import { expect, test } from './watched';

test.setTimeout(240_000);

test('an episode is brewed before the listener’s eyes, and goes on when they look elsewhere', async ({
	page
}) => {
	await page.goto('/dashboard');
	await page.getByLabel('Minutes', { exact: true }).fill('2');
	await page.getByLabel('Minutes', { exact: true }).blur();
	await page.getByRole('button', { name: 'Brew 2 minutes' }).click();

	const bar = page.getByRole('progressbar').first();
	await expect(bar).toBeVisible();
	await page.getByRole('link', { name: 'Podcast apps' }).click();
	await expect(page.getByRole('heading', { name: 'Podcast apps' })).toBeVisible();
	await page.getByRole('link', { name: 'Episodes' }).click();

	await expect(page.getByRole('button', { name: /^Play / })).toBeVisible({ timeout: 200_000 });
	await expect(bar).toHaveCount(0);
});

test('when everything was told, nothing can be ordered until some of it is chosen', async ({
	page
}) => {
	await page.goto('/dashboard');
	const quote = page.getByTestId('quote');
	const brew = page.getByRole('button', { name: 'Brew 5 minutes' });
	await expect(quote).toContainText('was told in an episode already');
	await expect(brew).toBeDisabled();

	await quote.getByRole('button', { name: 'Choose newsletters to hear again' }).click();
	await expect(page.getByRole('radio', { name: 'Let me choose' })).toBeFocused();
	await expect(page.getByRole('radio', { name: 'Let me choose' })).toBeChecked();
	await expect(quote).toContainText('5 minutes from');
	await expect(brew).toBeEnabled();
});

test('a brew can be cancelled, tried again, and deleted', async ({ page }) => {
	await page.goto('/dashboard');
	await page.getByText('Let me choose').click();
	await page.getByRole('button', { name: 'Choose none' }).click();
	await expect(page.getByText('Choose at least one newsletter.')).toBeVisible();
	await page.getByRole('button', { name: 'Choose all' }).click();
	await page.getByLabel('Minutes', { exact: true }).fill('30');
	await page.getByLabel('Minutes', { exact: true }).blur();
	await page.getByRole('button', { name: 'Brew 30 minutes' }).click();
	await page.getByRole('button', { name: 'Cancel' }).click();
	await expect(page.getByText('Cancelled', { exact: true })).toBeVisible();

	await page.getByRole('button', { name: 'Try again' }).click();
	await expect(page.getByRole('button', { name: 'Cancel' })).toBeVisible();
	await page.getByRole('button', { name: 'Cancel' }).click();
	await expect(page.getByText('Cancelled', { exact: true })).toBeVisible();

	await page
		.getByRole('button', { name: /^More about/ })
		.first()
		.click();
	await page.getByRole('menuitem', { name: 'Delete' }).click();
	await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
	await expect(page.getByText('The episode is deleted.')).toBeVisible();
	await expect(page.getByText('Cancelled', { exact: true })).toHaveCount(0);
});

test('an order that cannot be brewed is refused in a sentence', async ({ page }) => {
	await page.goto('/dashboard');
	await page.getByLabel('Minutes', { exact: true }).fill('10000');
	await page.getByLabel('Minutes', { exact: true }).blur();

	await expect(page.getByLabel('Minutes', { exact: true })).toHaveValue('120');
});

import { expect, keepNotices, test } from './fixtures';

test('a brew shows its progress and continues on other pages', async ({ page }) => {
	await page.goto('/dashboard');
	await page.getByLabel('Minutes', { exact: true }).fill('1');
	await page.getByLabel('Minutes', { exact: true }).blur();
	await page.getByRole('button', { name: 'Brew 1 minute' }).click();

	const bar = page.getByRole('progressbar').first();
	await expect(bar).toBeVisible();
	await page.getByRole('link', { name: 'Podcast apps' }).click();
	await expect(page.getByRole('heading', { name: 'Podcast apps' })).toBeVisible();
	await page.getByRole('link', { name: 'Episodes' }).click();

	await expect(page.getByRole('button', { name: /^Play / })).toBeVisible({ timeout: 300_000 });
	await expect(bar).toHaveCount(0);
});

test('newsletters without time are listed as waiting and are in the next order', async ({
	page
}) => {
	await page.goto('/dashboard');
	const card = page
		.getByRole('listitem')
		.filter({ has: page.getByRole('button', { name: /^Play / }) });
	const facts = await card.getByText(/\d+ of \d+ newsletters/).innerText();
	const [covered, all] = facts
		.match(/(\d+) of (\d+) newsletters/)!
		.slice(1)
		.map(Number);
	const waiting = all! - covered!;
	expect(waiting).toBeGreaterThan(0);
	const quote = page.getByTestId('quote');
	await expect(quote).toContainText(`from ${waiting} newsletter`);
	const list = page.getByRole('list', { name: 'Newsletters' });
	await expect(
		page.locator('summary', { hasText: `${waiting} new newsletter` }).first()
	).toBeVisible();
	await expect(list.getByRole('listitem')).toHaveCount(waiting);
	const subjects = await list.locator('[dir=auto]').allInnerTexts();

	await card.getByRole('link').first().click();
	await page.getByText(`${covered} of ${all} newsletters in this episode`).click();
	const later = page.getByRole('list', { name: 'Waiting for your next episode' });
	await expect(later.getByRole('listitem')).toHaveCount(waiting);
	for (const subject of subjects) await expect(later).toContainText(subject);
	await expect(
		page.getByRole('list', { name: 'In this episode' }).getByRole('listitem')
	).toHaveCount(covered!);

	await page.getByRole('link', { name: 'Episodes' }).first().click();
	await page.getByRole('button', { name: 'Brew 5 minutes' }).click();
	await expect(page.getByRole('progressbar')).toBeInViewport();
	await expect(page.getByRole('button', { name: /^Play / })).toHaveCount(2, { timeout: 300_000 });
	await expect(page.locator('summary', { hasText: '0 new newsletters' })).toBeVisible();
});

test('without new newsletters, nothing can be ordered until some are chosen', async ({ page }) => {
	await page.goto('/dashboard');
	const quote = page.getByTestId('quote');
	const brew = page.getByRole('button', { name: 'Brew 5 minutes' });
	await expect(quote).toContainText('All caught up');
	await expect(brew).toBeDisabled();

	await quote.getByRole('button', { name: 'Choose newsletters to hear again' }).click();
	await expect(page.getByRole('radio', { name: 'Let me choose' })).toBeFocused();
	await expect(page.getByRole('radio', { name: 'Let me choose' })).toBeChecked();
	await expect(quote).toContainText('5 minutes from');
	await expect(brew).toBeEnabled();
});

test('a brew can be cancelled, retried and deleted', async ({ page }) => {
	await page.goto('/dashboard');
	await page.getByText('Let me choose').click();
	await page.getByRole('button', { name: 'Deselect all' }).click();
	await expect(page.getByText('Choose at least one newsletter.')).toBeVisible();
	await page.getByRole('button', { name: 'Select all' }).click();
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
		.getByRole('button', { name: /^More options for/ })
		.first()
		.click();
	await keepNotices(page);
	await page.getByRole('menuitem', { name: 'Delete' }).click();
	await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
	await expect(page.getByText('Episode deleted.')).toBeVisible();
	await expect(page.getByText('Cancelled', { exact: true })).toHaveCount(0);
});

test('the minutes are limited to the maximum', async ({ page }) => {
	await page.goto('/dashboard');
	await page.getByLabel('Minutes', { exact: true }).fill('10000');
	await page.getByLabel('Minutes', { exact: true }).blur();

	await expect(page.getByLabel('Minutes', { exact: true })).toHaveValue('120');
});

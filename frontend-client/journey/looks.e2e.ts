import AxeBuilder from '@axe-core/playwright';
import type { Page, TestInfo } from '@playwright/test';
import { expect, test } from './watched';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const SHIFT_ALLOWED = 0.05;

test.beforeEach(({ page }) =>
	page.addInitScript(() => {
		const told = window as unknown as { shifted: number };
		told.shifted = 0;
		new PerformanceObserver((list) => {
			for (const entry of list.getEntries() as (PerformanceEntry & {
				value: number;
				hadRecentInput: boolean;
			})[])
				if (!entry.hadRecentInput) told.shifted += entry.value;
		}).observe({ type: 'layout-shift', buffered: true });
	})
);

/** How much of the page has moved by itself. */
const shifted = (page: Page) =>
	page.evaluate(() => (window as unknown as { shifted: number }).shifted);

/** No accessibility fault, no page wider than its window, nothing that jumps; and a picture to look at. */
async function look(page: Page, name: string, info: TestInfo, fullPage = true) {
	await page.waitForTimeout(400); // for what fades in
	await page.screenshot({ path: `journey/.shots/${name}-${info.project.name}.png`, fullPage });
	const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();

	expect(
		violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(' ')}`)
	).toEqual([]);
	expect(
		await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
	).toBeLessThanOrEqual(0);
	expect(await shifted(page)).toBeLessThan(SHIFT_ALLOWED);
}

async function openEpisode(page: Page) {
	await page.goto('/dashboard');
	await page
		.getByRole('listitem')
		.filter({ has: page.getByRole('button', { name: /^Play / }) })
		.getByRole('link')
		.first()
		.click();
	await expect(page.getByRole('heading', { name: 'Transcript' })).toBeVisible();
}

test('the landing page', async ({ page }, info) => {
	await page.goto('/');
	await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
	await look(page, 'landing', info);
});

test('signing in', async ({ page }, info) => {
	await page.addInitScript(() => localStorage.removeItem('audiobrew.session'));
	await page.goto('/dashboard');
	await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
	await look(page, 'sign-in', info);
});

test('the dashboard', async ({ page }, info) => {
	await page.goto('/dashboard');
	await expect(page.getByRole('button', { name: /^Play / }).first()).toBeVisible();
	await look(page, 'dashboard', info);
});

test('a newsletter', async ({ page }, info) => {
	await page.goto('/dashboard');
	const list = page.locator('details:has([aria-label=Newsletters])');
	if (!(await list.evaluate((details: HTMLDetailsElement) => details.open)))
		await list.locator('summary').first().click();
	await page
		.getByRole('button', { name: /parts? cut/ })
		.first()
		.click();
	await page
		.getByRole('dialog')
		.getByText(/^\d+ parts? cut/)
		.click();
	await look(page, 'newsletter', info, false);
});

test('an episode, and what a sentence comes from', async ({ page }, info) => {
	await openEpisode(page);
	await look(page, 'episode', info);
	await page.locator('[data-sentence]:not(.italic)').first().click();
	await expect(page.getByRole('dialog')).toBeVisible();
	await look(page, 'source', info, false);
	await page
		.getByRole('dialog')
		.getByRole('button', { name: /^Play from/ })
		.click();
	await expect(page.locator('[data-sentence][aria-current=true]')).toHaveCount(1);
	await look(page, 'listening', info, false);
});

test('deleting asks first', async ({ page }, info) => {
	await page.goto('/dashboard');
	await page
		.getByRole('button', { name: /^More about/ })
		.first()
		.click();
	await look(page, 'menu', info, false);
	await page.getByRole('menuitem', { name: 'Delete' }).click();
	await look(page, 'confirm', info, false);
	await page.getByRole('button', { name: 'Keep it' }).click();
});

test('podcast apps', async ({ page }, info) => {
	await page.goto('/dashboard/apps');
	await expect(page.getByRole('heading', { name: 'Where to paste it' })).toBeVisible();
	expect(await shifted(page)).toBeLessThan(SHIFT_ALLOWED);
	await page.getByLabel('Which device or app?').fill(`Phone, ${info.project.name}`);
	await page.getByRole('button', { name: 'Make an address' }).click();
	await expect(page.getByTestId('address')).toBeVisible();
	await page.evaluate(() => Object.assign(window, { shifted: 0 })); // what was asked for may take its room
	await look(page, 'podcast-apps', info);
});

/**
 * Ordering: the button is visible, the keyboard reaches everything, limits are checked, and counts
 * agree.
 */

import type { Page, Route } from '@playwright/test';
import { LONG, waitUntilStill } from './episode_page';
import { waitUntilSettled } from './page_checks';
import { expect, keepNotices, test } from './fixtures';

const brew = (page: Page) => page.getByRole('button', { name: /^Brew \d+ minutes?$/ });
const focused = (page: Page) =>
	page.evaluate(
		() =>
			document.activeElement?.getAttribute('aria-label') ??
			document.activeElement?.textContent?.trim() ??
			''
	);

async function open(page: Page) {
	await page.goto('/dashboard');
	await expect(page.getByRole('button', { name: /^Play “/ }).first()).toBeVisible();
	await expect(page.getByTestId('quote')).toContainText(/from \d+ newsletters/);
}

for (const [name, viewport] of Object.entries({
	desktop: { width: 1280, height: 800 },
	phone: { width: 390, height: 844 },
	'small phone': { width: 320, height: 568 }
}))
	test(`the Brew button is visible on a ${name}, also above the player bar`, async ({ page }) => {
		await page.setViewportSize(viewport);
		await open(page);
		await expect(brew(page)).toBeInViewport({ ratio: 1 });
		await page
			.getByRole('button', { name: /^Play “/ })
			.first()
			.click();
		await page.evaluate(() => scrollTo(0, 0));
		const bar = page.getByRole('region', { name: 'Now playing' });
		await expect(bar).toBeVisible();
		await expect
			.poll(async () => {
				const button = (await brew(page).boundingBox())!;
				return button.y + button.height <= (await bar.boundingBox())!.y;
			})
			.toBe(true);
	});

test('the first Play is a few keys away', async ({ page }) => {
	await open(page);
	for (let tabs = 0; tabs < 10 && (await focused(page)) !== 'Skip to episodes'; tabs++)
		await page.keyboard.press('Tab');
	await page.keyboard.press('Enter');
	await page.keyboard.press('Tab');
	await page.keyboard.press('Tab');
	expect(await focused(page)).toMatch(/^Play “/);

	await page.reload();
	await expect(page.getByTestId('quote')).toContainText(/from \d+ newsletters/);
	let tabs = 0;
	while (tabs < 30 && !/^Play “/.test(await focused(page))) {
		await page.keyboard.press('Tab');
		tabs++;
	}
	expect(tabs).toBeLessThanOrEqual(20);
});

test('arrow keys go through the newsletters, with one stop of the Tab key', async ({ page }) => {
	await open(page);
	await page.getByText('Let me choose').click();
	const rows = page.getByRole('list', { name: 'Newsletters' }).getByRole('listitem');
	await rows.first().getByRole('checkbox').focus();
	await page.keyboard.press('ArrowDown');
	await expect(rows.nth(1).getByRole('checkbox')).toBeFocused();
	await page.keyboard.press('Space');
	await expect(rows.nth(1).getByRole('checkbox')).not.toBeChecked();
	await page.keyboard.press('ArrowRight');
	await page.keyboard.press('End');
	await expect(rows.last().getByRole('button')).toBeFocused();
	await page.keyboard.press('Home');
	await expect(rows.first().getByRole('button')).toBeFocused();
	await page.keyboard.press('Tab');
	expect(
		await rows.evaluateAll((all) => all.some((one) => one.contains(document.activeElement)))
	).toBe(false);
});

test('the list, its title and the quote show the same count of new newsletters', async ({
	page
}) => {
	await open(page);
	const quote = await page.getByTestId('quote').innerText();
	const count = Number(/from (\d+) newsletters/.exec(quote)![1]);
	await expect(page.getByText(`${count} new newsletters`, { exact: true })).toBeVisible();
	await expect(page.getByRole('list', { name: 'Newsletters' }).getByRole('listitem')).toHaveCount(
		count
	);
});

test('counts agree with more than one page of emails', async ({ page }) => {
	await page.route(/\/api\/mail\?/, async (route) => {
		const url = new URL(route.request().url());
		url.searchParams.set('limit', '10');
		const answer = await route.fetch({ url: url.href });
		const mails = await answer.json();
		// Imitates pages of 200: full, except for the last.
		const filler =
			(mails as { id: string }[]).length < 10
				? []
				: Array(190)
						.fill(null)
						.map((_, n) => ({
							...mails[9],
							newsletter: false,
							is_new: false,
							id: n === 189 ? mails[9].id : crypto.randomUUID(),
							subject: 'A receipt'
						}));
		await route.fulfill({
			response: answer,
			json: filler.length
				? [...mails.slice(0, 9), { ...mails[9], id: crypto.randomUUID() }, ...filler]
				: mails
		});
	});
	await page.goto('/dashboard');
	const quote = page.getByTestId('quote');
	await expect(quote).toContainText(/from \d+ newsletters/);
	const count = Number(/from (\d+) newsletters/.exec(await quote.innerText())![1]);
	expect(count).toBeGreaterThan(20);
	await expect(page.getByText(`${count} new newsletters`, { exact: true })).toBeVisible();
	await expect(page.getByRole('list', { name: 'Newsletters' }).getByRole('listitem')).toHaveCount(
		count
	);
});

test.describe('an episode that stopped at its limit', () => {
	const said = 'The words here do not matter.';

	test.beforeEach(async ({ page }) => {
		const stopped = {
			status: 'failed',
			retriable: true,
			trouble: said,
			trouble_type: '/problems/cap-reached'
		};
		await page.route(/\/api\/podcast\/list/, async (route) => {
			const answer = await route.fetch();
			const list = (await answer.json()) as { id: string }[];
			const json = list.map((one) => (one.id === LONG ? { ...one, ...stopped } : one));
			await route.fulfill({ response: answer, json });
		});
		await page.route(`**/api/podcast/${LONG}`, async (route) => {
			if (route.request().method() !== 'GET') return route.fallback();
			const answer = await route.fetch();
			const episode = await answer.json();
			const bill = { ...episode.bill, cap_usd: 0.25 };
			await route.fulfill({ response: answer, json: { ...episode, ...stopped, bill } });
		});
	});

	for (const path of ['/dashboard', `/dashboard/podcast/${LONG}`])
		test(`has a field for another one at ${path.split('/')[2] ?? 'the list'}`, async ({ page }) => {
			const sent: unknown[] = [];
			await page.route(`**/api/podcast/${LONG}`, (route) => {
				if (route.request().method() !== 'PATCH') return route.fallback();
				sent.push(route.request().postDataJSON());
				return route.fulfill({ status: 409, json: { detail: 'Not now.' } });
			});
			await page.goto(path);
			await page.reload();
			const field = page.getByLabel('Spending limit (US$)').last();
			const again = page.getByRole('button', { name: 'Try again' });
			await expect(
				page.getByText('Stopped at your spending limit. Finished parts are saved.')
			).toBeVisible();
			await expect(field).toHaveValue('0.50');
			for (const wrong of ['0', '0.001', '-1', 'much', '1001']) {
				await field.fill(wrong);
				await expect(page.getByText(/or leave this empty for no limit\.$/)).toBeVisible();
				await expect(again).toBeDisabled();
				await field.press('Enter');
				await expect(field).toHaveValue(wrong);
			}
			expect(sent).toEqual([]);
			await field.fill('0,75');
			await again.click();
			await expect.poll(() => sent).toEqual([{ cap_usd: 0.75 }]);
			await expect(field).toHaveValue('0,75');
			await field.fill('');
			await again.click();
			await expect.poll(() => sent).toEqual([{ cap_usd: 0.75 }, { cap_usd: null }]);
		});
});

test('no count is shown before it is known', async ({ page }) => {
	await page.route(/\/api\/mail\?/, (route) => route.abort());
	await page.goto('/dashboard');
	await expect(page.getByText('AudioBrew can’t be reached right now.')).toBeVisible();
	await expect(page.getByTestId('quote')).toHaveText('Your emails haven’t loaded yet.');
	await expect(page.locator('summary', { hasText: /^\s*Newsletters\s*$/ })).toBeVisible();
	await expect(page.getByText(/\d+ new newsletter/)).toHaveCount(0);
});

test.describe('on a phone', () => {
	test.use({ viewport: { width: 390, height: 844 } });

	test('the notice of a new brew does not cover its Cancel button', async ({ page }) => {
		await keepNotices(page);
		const ID = crypto.randomUUID();
		let ordered = false;
		await page.route(/\/api\/podcast\/generate$/, (route) => {
			ordered = true;
			return route.fulfill({ status: 202, json: { id: ID, status: 'waiting', message: '' } });
		});
		const brewing = async (route: Route, change: (finished: object) => object) => {
			const response = await route.fetch({ url: new URL(`/api/podcast/${LONG}`, page.url()).href });
			await route.fulfill({ json: change(await response.json()) });
		};
		const unfinished = {
			id: ID,
			status: 'waiting',
			title: 'New',
			created_at: '2030-01-01T00:00:00Z'
		};
		await page.route(`**/api/podcast/${ID}`, (route) =>
			brewing(route, (finished) => ({ ...finished, ...unfinished }))
		);
		await page.route(/\/api\/podcast\/list/, async (route) => {
			const response = await route.fetch();
			const list = (await response.json()) as object[];
			const json = ordered ? [{ ...list[0], ...unfinished }, ...list] : list;
			await route.fulfill({ response, json });
		});
		await open(page);
		await brew(page).click();
		const notice = page.getByText('Your episode is brewing.', { exact: true });
		const cancel = page.getByRole('button', { name: 'Cancel' });
		await expect(notice).toBeVisible();
		await expect(cancel).toBeInViewport({ ratio: 1 });
		await waitUntilStill(page);
		await waitUntilSettled(page);
		await page.screenshot({ path: 'journey/.shots/notice-phone.png' });
		const isFree = await cancel.evaluate((button) => {
			const { left, right, top, bottom } = button.getBoundingClientRect();
			const [x, y] = [(left + right) / 2, (top + bottom) / 2];
			// In the middle and just inside each edge; the corners are round.
			const points = [
				[x, y],
				[left + 1, y],
				[right - 1, y],
				[x, top + 1],
				[x, bottom - 1]
			] as const;
			return points.every((point) => button.contains(document.elementFromPoint(...point)));
		});
		expect(isFree).toBe(true);
		await expect(notice).toBeVisible();
	});
});

/** On a phone: what plays can be paused at every scroll, and nothing jumps while a page is loaded. */

import type { Page } from '@playwright/test';
import { heard, LONG, openEpisode, play } from './episode_page';
import { shifted, watchShifts } from './page_checks';
import { expect, test } from './fixtures';

/** Whether a finger on the middle of some Pause button would press it. */
const pausable = (page: Page) =>
	page.evaluate(() =>
		[...document.querySelectorAll('button')]
			.filter((button) => button.getAttribute('aria-label')?.startsWith('Pause'))
			.some((button) => {
				const { left, top, width, height } = button.getBoundingClientRect();
				const hit = document.elementFromPoint(left + width / 2, top + height / 2);
				return button.contains(hit);
			})
	);

/** Where the page is scrolled to when the large player's buttons have just gone up behind the header. */
const farthest = (page: Page) =>
	page.evaluate(
		() =>
			document.querySelector('section[aria-label=Player]')!.getBoundingClientRect().bottom + scrollY
	);

for (const viewport of [
	{ width: 390, height: 844 },
	{ width: 320, height: 568 }
])
	test.describe(`${viewport.width} wide`, () => {
		test.use({ viewport, hasTouch: true });

		for (const lost of [false, true])
			test(`it can be paused at every scroll${lost ? ' while offline' : ''}`, async ({
				page,
				context
			}) => {
				await openEpisode(page);
				await play(page).click();
				await expect(heard(page)).toHaveCount(1);
				await page.mouse.move(200, 300);
				await page.mouse.wheel(0, 40); // the transcript is not followed any more
				await context.setOffline(lost);
				if (lost) await expect(page.getByText('You’re offline.')).toBeVisible();
				const most = await farthest(page);
				for (let top = 0; top < most + 20; top += 20) {
					await page.evaluate(async (to) => {
						scrollTo({ top: to, behavior: 'instant' });
						for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
					}, top);
					await expect.poll(() => pausable(page), `scrolled to ${top}`).toBe(true);
				}
				await context.setOffline(false);
			});

		test('a transcript that comes late moves nothing', async ({ page }) => {
			let send = () => {};
			const late = new Promise<void>((resolve) => (send = resolve));
			await page.route('**/script', async (route) => {
				await late;
				await route.continue();
			});
			await watchShifts(page);
			await page.goto(`/dashboard/podcast/${LONG}`);
			await expect(page.getByText('Loading the transcript…')).toBeVisible();
			const before = await shifted(page);
			send();
			await expect(page.locator('[data-sentence]').first()).toBeVisible();
			expect((await shifted(page)) - before).toBeLessThan(0.01);
		});
	});

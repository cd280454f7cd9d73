/** On a phone, playback can be paused at every scroll position, and nothing shifts while a page loads. */

import type { Page } from '@playwright/test';
import { currentSentence, LONG, openEpisode, playButton } from './episode_page';
import { layoutShift, watchShifts } from './page_checks';
import { expect, test } from './fixtures';

/** Whether a touch in the middle of a Pause button would press it. */
const canPause = (page: Page) =>
	page.evaluate(() =>
		[...document.querySelectorAll('button')]
			.filter((button) => button.getAttribute('aria-label')?.startsWith('Pause'))
			.some((button) => {
				const { left, top, width, height } = button.getBoundingClientRect();
				const hit = document.elementFromPoint(left + width / 2, top + height / 2);
				return button.contains(hit);
			})
	);

/** The scroll position at which the large player's buttons are just behind the header. */
const farthestScroll = (page: Page) =>
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
				await playButton(page).click();
				await expect(currentSentence(page)).toHaveCount(1);
				await page.mouse.move(200, 300);
				await page.mouse.wheel(0, 40); // the transcript stops following
				await context.setOffline(lost);
				if (lost) await expect(page.getByText('You’re offline.')).toBeVisible();
				const most = await farthestScroll(page);
				for (let top = 0; top < most + 20; top += 20) {
					await page.evaluate(async (to) => {
						scrollTo({ top: to, behavior: 'instant' });
						for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
					}, top);
					await expect.poll(() => canPause(page), `scrolled to ${top}`).toBe(true);
				}
				await context.setOffline(false);
			});

		test('a late transcript shifts nothing', async ({ page }) => {
			let send = () => {};
			const late = new Promise<void>((resolve) => (send = resolve));
			await page.route('**/script', async (route) => {
				await late;
				await route.continue();
			});
			await watchShifts(page);
			await page.goto(`/dashboard/podcast/${LONG}`);
			await expect(page.getByText('Loading the transcript…')).toBeVisible();
			const before = await layoutShift(page);
			send();
			await expect(page.locator('[data-sentence]').first()).toBeVisible();
			expect((await layoutShift(page)) - before).toBeLessThan(0.01);
		});
	});

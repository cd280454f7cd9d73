/** How a page looks: no accessibility fault, no page wider than its window, nothing that jumps. */

import AxeBuilder from '@axe-core/playwright';
import type { Page, TestInfo } from '@playwright/test';
import { expect } from './watched';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
export const SHIFT_ALLOWED = 0.05;

/** Before a page is opened: begin to watch what moves in it. */
export const watchShifts = (page: Page) =>
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
	});

/** How much of the page has moved by itself. */
export const shifted = (page: Page) =>
	page.evaluate(() => (window as unknown as { shifted: number }).shifted);

/** Once it is drawn and what fades in is there. */
export const settled = (page: Page) =>
	page.evaluate(async () => {
		for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
		const ending = document
			.getAnimations()
			.filter(({ effect }) => Number.isFinite(effect?.getComputedTiming().endTime));
		await Promise.allSettled(ending.map(({ finished }) => finished));
	});

/** Wait until an expected change is drawn, then count shifts from zero. */
export async function forgetShifts(page: Page) {
	await settled(page);
	await page.evaluate(() => Object.assign(window, { shifted: 0 }));
}

/** Check it, and keep a picture to look at. */
export async function look(page: Page, name: string, info: TestInfo, fullPage = true) {
	await settled(page);
	await page.screenshot({ path: `journey/.shots/${name}-${info.project.name}.png`, fullPage });
	const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();

	expect(
		violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(' ')}`)
	).toEqual([]);
	// A phone's browser makes its own window wider when a page is: its screen is what counts.
	expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
		page.viewportSize()?.width ?? 0
	);
	expect(await shifted(page)).toBeLessThan(SHIFT_ALLOWED);
}

/** Checks of a page's appearance: accessibility, width and layout shifts. */

import AxeBuilder from '@axe-core/playwright';
import type { Page, TestInfo } from '@playwright/test';
import { waitUntilStill } from './episode_page';
import { expect } from './fixtures';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
export const SHIFT_ALLOWED = 0.05;

/** Record layout shifts; call this before a page is opened. */
export const watchShifts = (page: Page) =>
	page.addInitScript(() => {
		const recorder = window as unknown as { shifted: number };
		recorder.shifted = 0;
		new PerformanceObserver((list) => {
			for (const entry of list.getEntries() as (PerformanceEntry & {
				value: number;
				hadRecentInput: boolean;
			})[])
				if (!entry.hadRecentInput) recorder.shifted += entry.value;
		}).observe({ type: 'layout-shift', buffered: true });
	});

/** The sum of layout shifts. */
export const layoutShift = (page: Page) =>
	page.evaluate(() => (window as unknown as { shifted: number }).shifted);

/** Wait until nothing scrolls and all finite animations have ended. */
export async function waitUntilSettled(page: Page) {
	await waitUntilStill(page);
	await page.evaluate(async () => {
		const finite = document
			.getAnimations()
			.filter(({ effect }) => Number.isFinite(effect?.getComputedTiming().endTime));
		await Promise.allSettled(finite.map(({ finished }) => finished));
	});
}

/** Reset the sum of layout shifts once an expected change is drawn. */
export async function forgetShifts(page: Page) {
	await waitUntilSettled(page);
	await page.evaluate(() => Object.assign(window, { shifted: 0 }));
}

/**
 * Whether a bar that stays in place covers a part of an element, which listeners uncover by scrolling. While a
 * menu is open, the page takes no pointer, and has to for a moment: else nothing is found at a point.
 */
const isUnderBar = (page: Page, selector: string) =>
	page.locator(selector).evaluate((element) => {
		const target = element.getBoundingClientRect();
		/** Whether the middle of what the two share shows the bar. */
		const covers = (bar: Element): boolean => {
			const { left, right, top, bottom } = bar.getBoundingClientRect();
			const [start, end] = [
				Math.max(left, target.left, 0),
				Math.min(right, target.right, innerWidth)
			];
			const [above, below] = [
				Math.max(top, target.top, 0),
				Math.min(bottom, target.bottom, innerHeight)
			];
			if (start >= end || above >= below) return false;
			return bar.contains(document.elementFromPoint((start + end) / 2, (above + below) / 2));
		};
		const isBar = (cover: Element) =>
			!cover.contains(element) && ['fixed', 'sticky'].includes(getComputedStyle(cover).position);
		const { style } = document.body;
		const { pointerEvents } = style;
		style.pointerEvents = 'auto';
		const isCovered = [...document.body.querySelectorAll('*')].filter(isBar).some(covers);
		style.pointerEvents = pointerEvents;
		return isCovered;
	});

/**
 * The rules that the page breaks, each with the elements that break it. Axe measures only the part of a
 * target that is in sight, so the size of targets under a bar is not judged.
 */
export async function findViolations(page: Page): Promise<string[]> {
	const { violations } = await new AxeBuilder({ page })
		.setLegacyMode() // without a page of its own that merges the results of frames: the app has none
		.options({ resultTypes: ['violations'] })
		.withTags(RULES)
		.analyze();
	const lines: string[] = [];
	for (const { id, nodes } of violations)
		for (const { target } of nodes)
			if (id !== 'target-size' || !(await isUnderBar(page, String(target.at(-1)))))
				lines.push(`${id}: ${target.join(' ')}`);
	return lines;
}

/** Check the page and save a screenshot. */
export async function checkAppearance(page: Page, name: string, info: TestInfo, fullPage = true) {
	await waitUntilSettled(page);
	await page.screenshot({ path: `journey/.shots/${name}-${info.project.name}.png`, fullPage });
	expect(await findViolations(page)).toEqual([]);
	// A phone's browser widens its window with the page, so compare with the screen.
	expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
		page.viewportSize()?.width ?? 0
	);
	expect(await layoutShift(page)).toBeLessThan(SHIFT_ALLOWED);
}

/** Checks of a page's appearance: accessibility, width and layout shifts. */

import AxeBuilder from '@axe-core/playwright';
import type { Page, TestInfo } from '@playwright/test';
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

/** Wait for two frames and all finite animations. */
export const waitUntilSettled = (page: Page) =>
	page.evaluate(async () => {
		for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
		const finite = document
			.getAnimations()
			.filter(({ effect }) => Number.isFinite(effect?.getComputedTiming().endTime));
		await Promise.allSettled(finite.map(({ finished }) => finished));
	});

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
		const { left, right, top, bottom } = element.getBoundingClientRect();
		const corners = [
			[left + 1, top + 1],
			[right - 1, top + 1],
			[left + 1, bottom - 1],
			[right - 1, bottom - 1]
		] as const;
		const isBar = (cover: Element | null): boolean =>
			cover !== null &&
			!cover.contains(element) &&
			(['fixed', 'sticky'].includes(getComputedStyle(cover).position) ||
				isBar(cover.parentElement));
		const { style } = document.body;
		const { pointerEvents } = style;
		style.pointerEvents = 'auto';
		const isCovered = corners.some(([x, y]) => isBar(document.elementFromPoint(x, y)));
		style.pointerEvents = pointerEvents;
		return isCovered;
	});

/**
 * The rules that the page breaks, each with the elements that break it. Axe measures only the part of a
 * target that is in sight, so the size of targets under a bar is not judged.
 */
async function findViolations(page: Page): Promise<string[]> {
	const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
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

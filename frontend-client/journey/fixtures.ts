/** A `test` whose page must not have unexpected errors. */

import { test as base, type Page } from '@playwright/test';

/** For requests of a test itself: the server may have closed an idle connection just before. */
export const RETRY = { maxRetries: 3 };

/** Errors of the page: exceptions, console errors (also from the content policy) and 5xx responses. */
export function collectPageErrors(page: Page): string[] {
	const errors: string[] = [];
	page.on('pageerror', (error) => errors.push(String(error)));
	page.on('console', (message) => {
		const isFailedLoad = message.text().startsWith('Failed to load resource'); // the page itself reports failed requests
		if (message.type() === 'error' && !isFailedLoad) errors.push(message.text());
	});
	page.on(
		'response',
		(response) => response.status() >= 500 && errors.push(`${response.status()} ${response.url()}`)
	);
	return errors;
}

/** Keep notices and "Copied" until they are dismissed: a busy browser may take longer than they stay. */
export async function keepNotices(page: Page) {
	const ignoreTheirTimers = () => {
		const start = window.setTimeout;
		window.setTimeout = ((act: TimerHandler, after = 0, ...rest: unknown[]) =>
			[7000, 2500].includes(after) ? 0 : start(act, after, ...rest)) as typeof setTimeout;
	};
	await page.addInitScript(ignoreTheirTimers);
	await page.evaluate(ignoreTheirTimers);
}

export const test = base.extend<{ pageErrors: string[] }>({
	pageErrors: [
		async ({ page }, use) => {
			const errors = collectPageErrors(page);
			await use(errors);
			await page.unrouteAll({ behavior: 'ignoreErrors' }); // requests of the closing page
			base.expect(errors).toEqual([]);
		},
		{ auto: true }
	]
});

export { expect } from '@playwright/test';

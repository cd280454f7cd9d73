/** A page that is watched: nothing may go wrong in it unseen. */

import { test as plain, type Page } from '@playwright/test';

/** Errors of the page: thrown, written to its console (the security policy's too), or answered with 5xx. */
export function troubles(page: Page): string[] {
	const found: string[] = [];
	page.on('pageerror', (error) => found.push(String(error)));
	page.on('console', (message) => {
		const refused = message.text().startsWith('Failed to load resource'); // the page says it in words
		if (message.type() === 'error' && !refused) found.push(message.text());
	});
	page.on(
		'response',
		(answer) => answer.status() >= 500 && found.push(`${answer.status()} ${answer.url()}`)
	);
	return found;
}

export const test = plain.extend<{ unseen: string[] }>({
	unseen: [
		async ({ page }, use) => {
			const found = troubles(page);
			await use(found);
			await page.unrouteAll({ behavior: 'ignoreErrors' }); // what the page asks for as it closes
			plain.expect(found).toEqual([]);
		},
		{ auto: true }
	]
});

export { expect } from '@playwright/test';

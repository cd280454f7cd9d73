/** Several tabs of one browser, and who is signed in there. */

import type { BrowserContext, Page, Request } from '@playwright/test';
import { expect } from './fixtures';

const { ADA = '', EVE = '', AUDIOBREW_WEB_TIMES, TEST_WORKER_INDEX = '0' } = process.env;
/** So many links a process of Playwright's; a failed test ends one, and the next has its own. */
const EACH = 40;
const own = (all: string) =>
	all
		.split(' ')
		.slice(Number(TEST_WORKER_INDEX) * EACH)
		.slice(0, EACH);
const links = { ada: own(ADA), eve: own(EVE) };

export type Who = keyof typeof links;

/** Few in every run, many when the figures of a release are made. */
export const times = (few: number, many: number) => (AUDIOBREW_WEB_TIMES === 'full' ? many : few);

export const generator = (page: Page) => page.getByRole('heading', { name: 'Brew an episode' });
export const brewButton = (page: Page) => page.getByRole('button', { name: /^Brew \d+ minutes/ });

/** A link that was not used yet; each works once. */
export function nextLink(who: Who): string {
	const link = links[who].pop();
	if (!link) throw new Error(`no sign-in link is left for ${who}`);
	return link;
}

/** Sign in in a new tab. */
export async function signIn(context: BrowserContext, who: Who): Promise<Page> {
	const page = await context.newPage();
	await page.goto(nextLink(who));
	await expect(generator(page)).toBeVisible();
	return page;
}

/** Ask the product as the page would, by its cookie. */
export async function ask(page: Page, path: string, method = 'GET', body?: unknown) {
	const session = await (await page.request.get('/api/session')).json();
	const response = await page.request.fetch(path, {
		method,
		headers: { 'X-CSRF-Token': session.csrf_token, Origin: new URL(page.url()).origin },
		...(body === undefined ? {} : { data: body })
	});
	return response;
}

export const list = async (page: Page) =>
	(await (await ask(page, '/api/podcast/list?limit=200')).json()) as {
		id: string;
		title: string;
		status: string;
	}[];

/** How many episodes have not ended yet. */
export const brewing = async (page: Page) =>
	(await list(page)).filter(({ status }) => !['ready', 'failed', 'cancelled'].includes(status))
		.length;

export const isOrder = (request: Request) =>
	request.method() === 'POST' && request.url().endsWith('/api/podcast/generate');

/** Delete every episode but these. */
export async function sweep(page: Page, ...keep: string[]) {
	for (const { id } of await list(page)) {
		if (!keep.includes(id)) await ask(page, `/api/podcast/${id}`, 'DELETE');
	}
}

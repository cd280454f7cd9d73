/** Several tabs of one browser, with two listeners. */

import type { BrowserContext, Page, Request } from '@playwright/test';
import { expect, RETRY } from './fixtures';

const { ADA = '', EVE = '', AUDIOBREW_WEB_TIMES, TEST_WORKER_INDEX = '0' } = process.env;
/**
 * Sign-in links for each Playwright process; a failed test ends a process, and the next one needs its
 * own.
 */
const LINKS_PER_WORKER = 40;
const linksForWorker = (all: string) =>
	all
		.split(' ')
		.slice(Number(TEST_WORKER_INDEX) * LINKS_PER_WORKER)
		.slice(0, LINKS_PER_WORKER);
const links = { ada: linksForWorker(ADA), eve: linksForWorker(EVE) };

export type Who = keyof typeof links;

/** Few in every run, many for the measurements of a release. */
export const repetitions = (few: number, many: number) =>
	AUDIOBREW_WEB_TIMES === 'full' ? many : few;

export const generator = (page: Page) => page.getByRole('heading', { name: 'Brew an episode' });
export const brewButton = (page: Page) => page.getByRole('button', { name: /^Brew \d+ minutes/ });

/** An unused sign-in link; each works once. */
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

/** Send a request with the page's session. */
export async function sendRequest(page: Page, path: string, method = 'GET', body?: unknown) {
	const session = await (await page.request.get('/api/session', RETRY)).json();
	const response = await page.request.fetch(path, {
		...RETRY,
		method,
		headers: { 'X-CSRF-Token': session.csrf_token, Origin: new URL(page.url()).origin },
		...(body === undefined ? {} : { data: body })
	});
	return response;
}

export const listEpisodes = async (page: Page) =>
	(await (await sendRequest(page, '/api/podcast/list?limit=200')).json()) as {
		id: string;
		title: string;
		status: string;
	}[];

/** The number of open brews. */
export const countBrewing = async (page: Page) =>
	(await listEpisodes(page)).filter(
		({ status }) => !['ready', 'failed', 'cancelled'].includes(status)
	).length;

export const isOrder = (request: Request) =>
	request.method() === 'POST' && request.url().endsWith('/api/podcast/generate');

/** Delete every episode except `keep`. */
export async function deleteEpisodes(page: Page, ...keep: string[]) {
	for (const { id } of await listEpisodes(page)) {
		if (!keep.includes(id)) await sendRequest(page, `/api/podcast/${id}`, 'DELETE');
	}
}

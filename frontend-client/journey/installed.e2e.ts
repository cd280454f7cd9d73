/** The app on a device: it starts without a network, and a deployment replaces it when the listener agrees. */

import { renameSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext, Page } from '@playwright/test';
import { isPaused, playButton } from './episode_page';
import { expect, test } from './fixtures';

const { SIGN_IN = '', FOLDER = '', EPISODE = '' } = process.env;

test.describe.configure({ mode: 'serial' });

let context: BrowserContext;
let page: Page;

test.beforeAll(async ({ browser }) => {
	context = await browser.newContext({ serviceWorkers: 'allow' });
	page = await context.newPage();
	await page.goto(SIGN_IN);
	await expect(page.getByRole('heading', { name: 'Brew an episode' })).toBeVisible();
});

test.afterAll(() => context.close());

const isControlled = () => navigator.serviceWorker.controller !== null;
/** Put the next version in the place of this one, as a deployment does; once more: back. */
function deploy() {
	for (const [from, to] of [
		['web', 'previous'],
		['next', 'web'],
		['previous', 'next']
	] as const)
		renameSync(join(FOLDER, from), join(FOLDER, to));
}
const isNext = (on: Page) => on.locator('html[data-next]');
const prompt = (on: Page) => on.getByText('A new version is ready');

test('the browser can install the app', async () => {
	const devTools = await context.newCDPSession(page);
	const manifest = await devTools.send('Page.getAppManifest');
	expect(manifest.errors).toEqual([]);
	expect(JSON.parse(manifest.data ?? '').name).toBe('AudioBrew');
	const { installabilityErrors } = await devTools.send('Page.getInstallabilityErrors');
	expect(installabilityErrors).toEqual([]);
	for (const { src } of JSON.parse(manifest.data ?? '').icons)
		expect((await page.request.get(src)).status(), src).toBe(200);
});

test('the app starts without a network, and opens by itself when there is one', async () => {
	await page.waitForFunction(isControlled);
	await context.setOffline(true);
	for (const path of ['/dashboard/profile', '/', '/dashboard/apps']) {
		await page.goto(path);
		await expect(page.getByRole('link', { name: 'AudioBrew' }).first()).toBeVisible();
	}
	expect(await page.evaluate(() => fetch('/api/config').catch(() => null))).toBeNull();
	await context.setOffline(false);
	await expect(page.getByRole('heading', { name: 'Podcast apps', exact: true })).toBeVisible();
});

test('no answer of the API is stored', async () => {
	await page.goto('/dashboard');
	await expect(playButton(page)).toBeVisible();
	const stored = await page.evaluate(async () => {
		const paths: string[] = [];
		for (const name of await caches.keys())
			for (const { url } of await (await caches.open(name)).keys())
				paths.push(new URL(url).pathname);
		return paths;
	});
	expect(stored).toContain('/200.html');
	expect(stored.filter((path) => /^\/(api|feed)/.test(path))).toEqual([]);
});

test('a new version is offered, does not interrupt, and replaces the old one', async () => {
	await page.goto(`/dashboard/podcast/${EPISODE}`);
	await playButton(page).click();
	await expect.poll(() => isPaused(page)).toBe(false);
	const other = await context.newPage();
	await other.goto('/dashboard');
	await expect(playButton(other)).toBeVisible();

	deploy();
	await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
	await expect(prompt(other)).toBeVisible();
	await expect(prompt(page)).toBeHidden();
	expect(await isPaused(page)).toBe(false);
	await page.getByRole('button', { name: 'Pause' }).first().click();
	await expect(prompt(page)).toBeVisible();
	await page.screenshot({ path: 'journey/.shots/new-version.png' });

	await page.getByRole('button', { name: 'Reload' }).click();
	await expect(isNext(page)).toBeAttached();
	await expect(playButton(page)).toBeVisible();
	await expect(prompt(page)).toBeHidden();
	await expect(isNext(other)).not.toBeAttached();
	await expect(prompt(other)).toBeVisible();
	const keys = () => page.evaluate(() => caches.keys());
	await expect.poll(async () => (await keys()).length).toBe(1);

	await context.setOffline(true);
	await page.goto('/dashboard');
	await expect(isNext(page)).toBeAttached();
	await expect(page.getByRole('link', { name: 'AudioBrew' }).first()).toBeVisible();
	await context.setOffline(false);
	await other.close();
});

test('a page from the network is never older than the deployment', async () => {
	await expect(playButton(page)).toBeVisible();
	deploy();
	await page.goto('/dashboard');
	await expect(isNext(page)).not.toBeAttached();
	await expect(playButton(page)).toBeVisible();
	await expect(prompt(page)).toBeHidden();
});

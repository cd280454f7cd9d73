/** Episodes on this device: downloaded, heard without a network, and gone when the listener signs out. */

import type { BrowserContext, Page } from '@playwright/test';
import { currentSentence, isPaused, playbackTime, playButton } from './episode_page';
import { expect, test } from './fixtures';

const { SIGN_IN_AGAIN = '', EPISODE = '', OTHER = '' } = process.env;

test.describe.configure({ mode: 'serial' });

let context: BrowserContext;
let page: Page;

test.beforeAll(async ({ browser }) => {
	context = await browser.newContext({ serviceWorkers: 'allow' });
	page = await context.newPage();
	await page.goto(SIGN_IN_AGAIN);
	await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
});

test.afterAll(() => context.close());

const chooseFromMenu = async (name: string) => {
	await page
		.getByRole('main')
		.getByRole('button', { name: /^More options/ })
		.click();
	await page.getByRole('menuitem', { name }).click();
};
const stored = () => page.getByText(/ · On this device$/);
const storedAudio = () =>
	page.evaluate(async () => {
		const names = (await caches.keys()).filter((name) => name.startsWith('audiobrew-device-'));
		const caches_ = await Promise.all(names.map((name) => caches.open(name)));
		const requests = (await Promise.all(caches_.map((cache) => cache.keys()))).flat();
		return requests.map(({ url }) => url).filter((url) => url.endsWith('.mp3'));
	});
const shot = (name: string) => page.screenshot({ path: `journey/.shots/${name}.png` });

test('a full device says so, and stores nothing', async () => {
	await page.goto(`/dashboard/podcast/${EPISODE}`);
	await expect(page.locator('[data-sentence]').first()).toBeVisible();
	const devTools = await context.newCDPSession(page);
	const origin = new URL(page.url()).origin;
	await devTools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 10_000 });
	await chooseFromMenu('Download to this device');
	await expect(page.getByText('There isn’t enough space on this device')).toBeVisible();
	expect(await storedAudio()).toEqual([]);
	await devTools.send('Storage.overrideQuotaForOrigin', { origin });
	await devTools.detach();
});

test('an episode is downloaded, and listed with its size', async () => {
	await chooseFromMenu('Download to this device');
	await expect(stored()).toBeVisible();
	expect(await storedAudio()).toHaveLength(1);
	await page.getByRole('link', { name: 'Profile', exact: true }).click();
	const section = page.getByRole('region', { name: 'On this device' });
	await expect(section.getByRole('listitem')).toHaveCount(1);
	await expect(section.getByRole('listitem')).toContainText(/\d+ kB/);
	await section.scrollIntoViewIfNeeded();
	await shot('downloads-profile');
});

test('without a network, the app starts and plays it, with transcript and seeking', async () => {
	await context.setOffline(true);
	await page.goto('/dashboard');
	await expect(
		page.getByRole('heading', { name: 'You are offline — these episodes are on this device' })
	).toBeVisible();
	await expect(page.getByText('Episodes on this device still play')).toBeVisible();
	await shot('downloads-offline');
	await page.getByRole('list', { name: 'Episodes on this device' }).getByRole('link').click();
	await expect(page.locator('[data-sentence]').first()).toBeVisible();
	await playButton(page).click();
	await expect.poll(() => playbackTime(page)).toBeGreaterThan(0.5);
	await page.getByRole('button', { name: 'Forward 30 seconds' }).first().click();
	await expect.poll(() => playbackTime(page)).toBeGreaterThan(31);
	expect(await isPaused(page)).toBe(false);
	await expect(currentSentence(page)).toBeVisible();
	await page.getByRole('button', { name: 'Back 15 seconds' }).first().click();
	await expect.poll(() => playbackTime(page)).toBeLessThan(31);
	await shot('downloads-playing');
	const part = await page.evaluate(async () => {
		const response = await fetch(document.querySelector('audio')!.src, {
			headers: { Range: 'bytes=100-199' }
		});
		const size = (await response.arrayBuffer()).byteLength;
		return [response.status, size, response.headers.get('Content-Range')];
	});
	expect(part).toEqual([206, 100, expect.stringMatching(/^bytes 100-199\/\d{5,}$/)]);
});

test('an episode that is not on the device says so', async () => {
	await page.goto(`/dashboard/podcast/${OTHER}`);
	await expect(page.getByRole('heading', { name: 'This episode hasn’t loaded yet' })).toBeVisible();
});

test('once there is a network, everything is loaded, and playback goes on', async () => {
	await page.goto(`/dashboard/podcast/${EPISODE}`);
	await playButton(page).click();
	await expect.poll(() => isPaused(page)).toBe(false);
	await context.setOffline(false);
	await expect(page.getByText('You’re offline')).toBeHidden();
	expect(await isPaused(page)).toBe(false);
	await page.getByRole('button', { name: 'Pause' }).first().click();
	await page.getByRole('link', { name: 'Episodes', exact: true }).first().click();
	await expect(page.getByTestId('quote')).toContainText(/newsletters?/);
	await expect(page.getByRole('link', { name: 'Harbour news' })).toBeVisible();
});

test('an episode is removed from the device', async () => {
	await page.goto(`/dashboard/podcast/${OTHER}`);
	await chooseFromMenu('Download to this device');
	await expect(stored()).toBeVisible();
	expect(await storedAudio()).toHaveLength(2);
	await chooseFromMenu('Remove from this device');
	await expect(stored()).toBeHidden();
	expect(await storedAudio()).toHaveLength(1);
});

test('what somebody else stored is deleted', async () => {
	await page.evaluate(() => caches.open('audiobrew-device-somebody-else'));
	await page.reload();
	await expect
		.poll(() => page.evaluate(() => caches.has('audiobrew-device-somebody-else')))
		.toBe(false);
	expect(await storedAudio()).toHaveLength(1);
});

test('signing out leaves nothing on the device', async () => {
	await page.goto('/dashboard/profile');
	await page.getByRole('button', { name: 'Sign out' }).first().click();
	await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
	const names = await page.evaluate(() => caches.keys());
	expect(names.filter((name) => name.startsWith('audiobrew-device-'))).toEqual([]);
	await context.setOffline(true);
	await page.goto('/dashboard');
	await expect(page.getByRole('heading', { name: 'AudioBrew isn’t available' })).toBeVisible();
});

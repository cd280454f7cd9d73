/** One listener on two devices, and two listeners in one browser: where each of them is in an episode. */

import { expect, test, type Page } from '@playwright/test';
import { sendRequest, signIn, type Who } from './two_listeners';

const { LONG = '' } = process.env;
const FIREFOX = 'Mozilla/5.0 (Android 14; Mobile; rv:133.0) Gecko/133.0 Firefox/133.0';

type Playback = { seconds: number; finished: boolean; client: string };

const audio = (page: Page) => page.locator('audio');
const timeOf = (page: Page) => audio(page).evaluate((one: HTMLAudioElement) => one.currentTime);
const playback = async (page: Page): Promise<Playback | null> =>
	(await (await sendRequest(page, `/api/podcast/${LONG}`)).json()).playback;

async function openEpisode(page: Page) {
	await page.goto(`/dashboard/podcast/${LONG}`);
	await expect(page.locator('[data-sentence]').first()).toBeVisible();
}

/** Play for a moment from `seconds` on, then pause. */
async function listen(page: Page, seconds: number) {
	const player = page.getByRole('region', { name: 'Player', exact: true });
	await player.getByRole('button', { name: /^Play “/ }).click();
	await expect.poll(() => timeOf(page)).toBeGreaterThan(0);
	await page.getByLabel('Position').fill(String(seconds));
	await expect.poll(() => timeOf(page)).toBeGreaterThan(seconds);
	await player.getByRole('button', { name: 'Pause' }).click();
}

const returnTo = (page: Page) =>
	page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));

test('a second device continues where the first one stopped, and never jumps', async ({
	browser
}) => {
	const [desk, phone] = [
		await browser.newContext(),
		await browser.newContext({ userAgent: FIREFOX })
	];
	const one = await signIn(desk, 'ada');
	await openEpisode(one);
	await listen(one, 20);
	await expect.poll(async () => (await playback(one))?.seconds ?? 0).toBeGreaterThan(20);

	const two = await signIn(phone, 'ada');
	await openEpisode(two);
	await expect(
		two.getByText(/Continues at 0:2\d, where you stopped in Chrome on Linux/)
	).toBeVisible();
	await two
		.getByRole('button', { name: /^Play “/ })
		.first()
		.click();
	await expect.poll(() => timeOf(two)).toBeGreaterThan(20);
	await two.getByRole('button', { name: 'Pause' }).first().click();
	await listen(two, 40);
	await expect.poll(async () => (await playback(one))?.client).toBe('Firefox on Android');

	const before = await timeOf(one);
	await returnTo(one);
	const offer = one.getByRole('button', { name: /Continue at 0:4\d/ }).first();
	await expect(offer).toBeVisible();
	expect(await timeOf(one)).toBe(before);
	await offer.click();
	await expect.poll(() => timeOf(one)).toBeGreaterThanOrEqual(40);
	await expect(offer).toHaveCount(0);
	await Promise.all([desk.close(), phone.close()]);
});

test('a position survives a page that is left while it plays, and a lost connection', async ({
	browser
}) => {
	const context = await browser.newContext();
	const witness = await signIn(context, 'ada');
	const page = await signIn(context, 'ada');
	await openEpisode(page);
	await listen(page, 10);
	await page
		.getByRole('button', { name: /^Play “/ })
		.first()
		.click();
	const before = await timeOf(page);
	await expect.poll(() => timeOf(page)).toBeGreaterThan(before + 1);
	await page.goto('about:blank');
	await expect
		.poll(async () => (await playback(witness))?.seconds ?? 0)
		.toBeGreaterThan(before + 1);

	await openEpisode(page);
	const lost = /\/playback$/;
	await page.route(lost, (route) => route.abort());
	await listen(page, 30);
	await page.unroute(lost);
	await openEpisode(page);
	await expect.poll(async () => (await playback(witness))?.seconds ?? 0).toBeGreaterThan(30);
	await context.close();
});

test('the next listener of a browser gets no position and sends none', async ({ browser }) => {
	const context = await browser.newContext();
	const page = await signIn(context, 'ada');
	await openEpisode(page);
	await page.route(/\/playback$/, (route) => route.abort());
	await listen(page, 15);
	await page.unroute(/\/playback$/);
	const sent: string[] = [];
	const eves = await signIn(context, 'eve' satisfies Who);
	for (const tab of [page, eves]) tab.on('request', (request) => sent.push(request.url()));
	await eves.reload();
	await expect(eves.getByRole('heading', { name: 'Brew an episode' })).toBeVisible();
	expect(sent.filter((url) => url.endsWith('/playback'))).toEqual([]);
	expect((await sendRequest(eves, '/api/podcast/list')).ok()).toBe(true);
	await context.close();
});

/** The five steps from a new server to the first episode in a podcast app, with a screenshot of each page. */

import { writeFileSync } from 'node:fs';
import type { Locator, TestInfo } from '@playwright/test';
import { addAuthenticator } from './authenticator';
import { expect, test } from './fixtures';
import { findViolations, waitUntilSettled } from './page_checks';

const { SETUP = '', MAIL_PORT = '', MAIL_USER = '', MAIL_PASSWORD = '' } = process.env;
/** Folders: of the screenshots, and of what the program reads that runs this. */
const { SHOTS = '', RESULTS = '' } = process.env;

/** What somebody does, and how often. */
class Hand {
	clicks = 0;
	fields = 0;

	async click(target: Locator) {
		await target.click();
		this.clicks += 1;
	}

	async fill(field: Locator, text: string) {
		await field.fill(text);
		this.fields += 1;
	}
}

const shotPath = (info: TestInfo, name: string) =>
	`${SHOTS}/${info.project.name.split('-').at(-1)}/${name}.png`;

test('set up @setup', async ({ page }, info) => {
	const steps: { name: string; clicks: number; fields: number }[] = [];
	await addAuthenticator(page);

	const shoot = async (name: string, fullPage = false) => {
		await waitUntilSettled(page);
		await page.screenshot({ path: shotPath(info, name), fullPage });
		expect(await findViolations(page)).toEqual([]);
	};
	const step = (name: string, act: (hand: Hand) => Promise<void>) =>
		test.step(name, async () => {
			const hand = new Hand();
			await act(hand);
			steps.push({ name, clicks: hand.clicks, fields: hand.fields });
		});

	await step('become the owner', async (hand) => {
		await page.goto(SETUP);
		await expect(page.getByRole('heading', { name: 'Welcome to your server' })).toBeVisible();
		await shoot('1-owner');
		await hand.fill(page.getByLabel('Your name'), 'Ada');
		await hand.click(page.getByRole('button', { name: 'Continue with a passkey' }));
		await expect(page.getByRole('heading', { name: 'Brew an episode' })).toBeVisible();
	});

	await step('add the mailbox', async (hand) => {
		const add = page.getByRole('link', { name: 'Add a mailbox or feed' });
		await expect(add).toBeInViewport();
		await shoot('2-nothing-yet');
		await hand.click(add);
		await expect(page.getByLabel('Email address')).toBeInViewport();
		await shoot('2-sources');
		await hand.fill(page.getByLabel('Email address'), MAIL_USER);
		await hand.fill(page.getByLabel('App password'), MAIL_PASSWORD);
		// The server is guessed by the address, but its port may be another one in this rehearsal.
		await expect(page.getByLabel('Mail server', { exact: true })).toHaveValue(/^imap\./);
		await page.getByLabel('Port', { exact: true }).fill(MAIL_PORT);
		await shoot('2-mailbox');
		await hand.click(page.getByRole('button', { name: 'Continue' }));
		await expect(page.getByRole('button', { name: 'Add mailbox' })).toBeInViewport();
		await shoot('2-folder');
		await hand.click(page.getByRole('button', { name: 'Add mailbox' }));
		await expect(page.getByText(/^Up to date, \d+ new\.$/)).toBeInViewport();
		await shoot('2-added');
	});

	await step('brew', async (hand) => {
		await hand.click(page.getByRole('link', { name: 'Brew an episode' }));
		const brew = page.getByRole('button', { name: /^Brew \d/ });
		await expect(brew).toBeEnabled();
		await expect(brew).toBeInViewport();
		await shoot('3-order');
		await hand.click(brew);
		await expect(page.getByRole('button', { name: /^Cancel/ })).toBeInViewport();
		await shoot('3-brewing');
		await expect(page.getByRole('button', { name: /^Play/ })).toBeVisible({ timeout: 300_000 });
	});

	let feed = '';
	await step('get a feed link', async (hand) => {
		const link = page.getByRole('link', { name: 'Get a link for it' });
		await expect(link).toBeInViewport();
		await shoot('4-ready');
		await hand.click(link);
		await expect(page.getByLabel('Which device or app?')).toHaveValue('Phone');
		await shoot('4-apps');
		await hand.click(page.getByRole('button', { name: 'Create feed link' }));
		feed = await page.getByTestId('address').innerText();
		await shoot('4-link', true);
	});

	const qr = page.getByRole('img', { name: 'QR code of the feed link' });
	const isPhone = !(await qr.isVisible());
	if (isPhone) await expectApp(page.getByRole('link', { name: 'Open in AntennaPod' }), feed);
	else await qr.screenshot({ path: `${RESULTS}/qr.png` });
	steps.push({
		name: isPhone ? 'open it in the app' : 'scan it, and open it in the app',
		clicks: 1,
		fields: 0
	});
	writeFileSync(`${RESULTS}/steps.json`, JSON.stringify({ feed, steps }), { mode: 0o600 });
});

test('scan the QR code @scan', async ({ page }, info) => {
	const { LISTEN = '', FEED = '' } = process.env;
	await page.goto(LISTEN);
	await expectApp(page.getByRole('link', { name: 'Open in AntennaPod' }), FEED);
	await waitUntilSettled(page);
	await page.screenshot({ path: shotPath(info, '5-scanned') });
});

/** The button opens the feed in an app of the phone. */
const expectApp = (button: Locator, feed: string) =>
	expect(button).toHaveAttribute('href', feed.replace('https://', 'antennapod-subscribe://'));

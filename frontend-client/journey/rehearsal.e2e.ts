/** From the setup link to a podcast that brews itself, on a server with a name and a certificate. */

import { readFileSync, writeFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { addAuthenticator } from './authenticator';
import { expect, test } from './fixtures';

const { SETUP = '', FEED = '', MAIL_PORT = '', MAIL_USER = '', MAIL_PASSWORD = '' } = process.env;
/** The domain of own addresses, and a page that subscribes the address in X-To to a newsletter. */
const { MAIL_DOMAIN = '', SUBSCRIBE = '' } = process.env;
/** Where the second part finds what the first one made: the feed's address, and the owner's passkey. */
const RESULT = process.env.RESULT ?? '';
const PASSWORD = 'four unrelated harbour kettles';

const dashboard = (page: Page) => page.getByRole('heading', { name: 'Brew an episode' });

test('set up @before', async ({ page, browser, request }) => {
	const { cdp, authenticatorId } = await addAuthenticator(page);
	await test.step('1. become the owner with a passkey', async () => {
		await page.goto(SETUP);
		await page.getByLabel('Your name').fill('Ada');
		await page.getByRole('button', { name: 'Continue with a passkey' }).click();
		await expect(dashboard(page)).toBeVisible();
		expect(new URL(page.url()).protocol).toBe('https:');
	});

	await test.step('2. add a mailbox and a feed', async () => {
		await page.getByRole('link', { name: 'Sources' }).click();
		await page.getByLabel('Address of a site or feed').fill(FEED);
		await page.getByRole('button', { name: 'Add', exact: true }).click();
		await expect(page.getByText('Up to date, 2 new.')).toBeVisible();
		await page.getByLabel('Email address').fill(MAIL_USER);
		await page.getByLabel('App password').fill(MAIL_PASSWORD);
		await page.getByLabel('Mail server', { exact: true }).fill('localhost');
		await page.getByLabel('Port', { exact: true }).fill(MAIL_PORT);
		await page.getByRole('button', { name: 'Continue' }).click();
		await page.getByRole('button', { name: 'Add mailbox' }).click();
		await expect(page.getByText('Up to date, 3 new.')).toBeVisible();
	});

	await test.step('3. get an address, subscribe with it, and confirm', async () => {
		await page.getByRole('button', { name: 'Get an address' }).click();
		const address = await page.getByText(`@${MAIL_DOMAIN}`).first().innerText();
		const answer = await request.get(SUBSCRIBE, { headers: { 'X-To': address } });
		expect(answer.status()).toBe(200);
		await page.reload();
		await expect(page.getByText('Harbour News asks you to confirm.')).toBeVisible();
		const opening = page.waitForEvent('popup');
		await page.getByRole('link', { name: /^Open / }).click();
		await expect((await opening).getByText('Thank you')).toBeVisible();
		await page.getByRole('button', { name: 'Done with Harbour News' }).click();
		await expect(page.getByText('asks you to confirm')).toBeHidden();
		await page.goto('/dashboard');
		await expect(page.getByText('6 new newsletters')).toBeVisible();
	});

	await test.step('4. invite a second listener', async () => {
		await page.getByRole('link', { name: 'Profile' }).click();
		await page.getByLabel('Invite somebody').fill('Eve');
		await page.getByRole('button', { name: 'Create link' }).click();
		const link = await page.getByText(/#invitation=/).textContent();
		const guest = await (await browser.newContext()).newPage();
		await guest.goto(link ?? '');
		await guest.getByRole('button', { name: 'Use a password instead' }).click();
		await guest.getByLabel('Your name').fill('Eve');
		await guest.getByLabel('Password').fill(PASSWORD);
		await guest.getByRole('button', { name: 'Create account' }).click();
		await expect(dashboard(guest)).toBeVisible();
		await expect(guest.getByText('Add a newsletter first.')).toBeVisible();
		await guest.context().close();
	});

	const feed = await test.step('5. create a feed link for the phone', async () => {
		await page.goto('/dashboard/apps');
		await page.getByLabel('Which device or app?').fill('Phone');
		await page.getByRole('button', { name: 'Create feed link' }).click();
		return page.getByTestId('address').innerText();
	});

	await test.step('6. set a schedule', async () => {
		await page.goto('/dashboard/schedule');
		const time = await page.evaluate(() => {
			const soon = new Date(Date.now() + 90_000);
			return [soon.getHours(), soon.getMinutes()]
				.map((part) => `${part}`.padStart(2, '0'))
				.join(':');
		});
		await page.getByLabel('Time', { exact: true }).fill(time);
		await page.getByLabel('Minutes').fill('1');
		await page.getByRole('button', { name: 'Turn on' }).click();
		await expect(page.getByText(`Every day at ${time}`)).toBeVisible();
	});

	const { credentials } = await cdp.send('WebAuthn.getCredentials', { authenticatorId });
	writeFileSync(RESULT, JSON.stringify({ feed, credentials }), { mode: 0o600 });
});

test('come back after the restore @after', async ({ page }) => {
	const { credentials } = JSON.parse(readFileSync(RESULT, 'utf8'));
	const { cdp, authenticatorId } = await addAuthenticator(page);
	for (const credential of credentials)
		await cdp.send('WebAuthn.addCredential', { authenticatorId, credential });
	await page.goto('/dashboard');
	await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
	await expect(dashboard(page)).toBeVisible();
	await page.getByRole('link', { name: 'Profile' }).click();
	await expect(page.getByText('Signed in as Ada, the owner of this server')).toBeVisible();
	await expect(page.getByRole('button', { name: 'Remove Eve' })).toBeVisible();
	// The password of the mailbox is encrypted with a key of the data folder.
	await page.getByRole('link', { name: 'Sources' }).click();
	await page.getByRole('button', { name: `Look now: ${MAIL_USER}` }).click();
	await expect(page.getByText('Up to date, 1 new.')).toBeVisible();
});

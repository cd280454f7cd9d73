/** A server of one's own: its owner, an invited listener, passkeys and passwords. */

import type { Page } from '@playwright/test';
import { addAuthenticator } from './authenticator';
import { expect, test } from './fixtures';
import { checkAppearance, forgetShifts, watchShifts } from './page_checks';

const { SETUP = '', FEED = '', MAILBOX = '' } = process.env;
const PASSWORD = 'four unrelated harbour kettles';

test.describe.configure({ mode: 'serial' });

const dashboard = (page: Page) => page.getByRole('heading', { name: 'Brew an episode' });

/** Answer as if all sources were still being read. Returns what ends this. */
async function pretendToRead(page: Page) {
	let isReading = true;
	await page.route(/\/api\/(sources|mail)(\?|$)/, async (route) => {
		if (!isReading) return route.continue();
		const response = await route.fetch();
		const rows = await response.json();
		const isMail = route.request().url().includes('/api/mail');
		const json = isMail ? [] : rows.map((row: object) => ({ ...row, state: 'reading', mails: 0 }));
		return route.fulfill({ response, json });
	});
	return () => (isReading = false);
}

async function signOut(page: Page) {
	await page.getByRole('link', { name: 'Profile' }).click();
	await page.getByRole('button', { name: 'Sign out', exact: true }).click();
	await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
}

test('the owner sets the server up with a passkey, and invites somebody', async ({
	page,
	browser
}) => {
	await page.goto('/dashboard');
	await expect(page.getByRole('heading', { name: 'Almost ready' })).toBeVisible();
	await addAuthenticator(page);
	await page.goto(SETUP);
	await expect(page.getByRole('heading', { name: 'Welcome to your server' })).toBeVisible();
	expect(page.url()).not.toContain('invitation');
	await page.reload();
	await expect(page.getByRole('heading', { name: 'Welcome to your server' })).toBeVisible();
	await page.getByLabel('Your name').fill('Ada');
	await page.getByRole('button', { name: 'Continue with a passkey' }).click();
	await expect(dashboard(page)).toBeVisible();

	await signOut(page);
	await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
	await expect(dashboard(page)).toBeVisible();

	await page.getByRole('link', { name: 'Profile' }).click();
	await expect(page.getByText('Signed in as Ada, the owner of this server')).toBeVisible();
	await page.getByLabel('Invite somebody').fill('Eve');
	await page.getByRole('button', { name: 'Create link' }).click();
	const link = await page.getByText(/#invitation=/).textContent();

	const guest = await (await browser.newContext()).newPage();
	await guest.goto(link ?? '');
	await expect(guest.getByRole('heading', { name: 'You’re invited' })).toBeVisible();
	await guest.getByRole('button', { name: 'Use a password instead' }).click();
	await guest.getByLabel('Your name').fill('Eve');
	await guest.getByLabel('Password').fill('password');
	await guest.getByRole('button', { name: 'Create account' }).click();
	await expect(guest.getByRole('alert')).toContainText('too easy to guess');
	await guest.getByLabel('Password').fill(PASSWORD);
	await guest.getByRole('button', { name: 'Create account' }).click();
	await expect(dashboard(guest)).toBeVisible();
	await guest.getByRole('link', { name: 'Profile' }).click();
	await expect(guest.getByText('Signed in as Eve.')).toBeVisible();
	await expect(guest.getByRole('heading', { name: 'People on this server' })).toBeHidden();

	await page.reload();
	await page.getByRole('button', { name: 'Remove Eve' }).click();
	await page.getByRole('button', { name: 'Remove', exact: true }).click();
	await expect(page.getByText('The account is being deleted')).toBeVisible();
	await guest.goto('/dashboard');
	await expect(guest.getByRole('heading', { name: 'Sign in' })).toBeVisible();
	await guest.getByLabel('Name').fill('Eve');
	await guest.getByLabel('Password').fill(PASSWORD);
	await guest.getByRole('button', { name: 'Sign in', exact: true }).click();
	await expect(guest.getByRole('alert')).toContainText('Wrong name or password');
	await guest.goto(link ?? '');
	await expect(guest.getByRole('heading', { name: 'This link doesn’t work' })).toBeVisible();
	await guest.context().close();
});

test('a listener signs in at another provider, and so does somebody who is invited', async ({
	page,
	browser
}) => {
	await page.goto(process.env.SIGN_IN_AGAIN ?? '');
	await expect(dashboard(page)).toBeVisible();
	await page.getByRole('link', { name: 'Profile' }).click();
	await page.getByRole('button', { name: 'Connect', exact: true }).click();
	await expect(page.getByText('Connected. You can sign in this way from now on.')).toBeVisible();
	expect(page.url()).not.toContain('state=');
	await signOut(page);
	await page.getByRole('button', { name: 'Sign in with Ledger House' }).click();
	await expect(dashboard(page)).toBeVisible();
	await page.getByRole('link', { name: 'Profile' }).click();
	await expect(page.getByText('Connected with ada.')).toBeVisible();

	const guest = await (await browser.newContext()).newPage();
	await guest.goto(process.env.INVITATION ?? '');
	await guest.getByLabel('Your name').fill('Cleo');
	await guest.getByRole('button', { name: 'Continue with Ledger House' }).click();
	await expect(guest.getByRole('alert')).toContainText('belongs to somebody on this server');
	await page.getByRole('button', { name: 'Disconnect Ledger House' }).click();
	await expect(page.getByText('Disconnected.')).toBeVisible();
	await guest.getByLabel('Your name').fill('Cleo');
	await guest.getByRole('button', { name: 'Continue with Ledger House' }).click();
	await expect(dashboard(guest)).toBeVisible();
	await guest.goto('/dashboard?state=foreign&code=foreign');
	await expect(dashboard(guest)).toBeVisible();
	expect(guest.url()).not.toContain('foreign');
	await guest.context().close();
});

test('a listener adds a feed and a mailbox, and their newsletters arrive', async ({ page }) => {
	await page.goto(process.env.SIGN_IN ?? '');
	await expect(dashboard(page)).toBeVisible();
	await page.getByRole('link', { name: 'Add a mailbox or feed' }).click();

	await page.getByLabel('Address of a site or feed').fill('http://127.0.0.1:9');
	await page.getByRole('button', { name: 'Add', exact: true }).click();
	await expect(page.getByText('This server does not answer')).toBeVisible();
	await page.getByLabel('Address of a site or feed').fill(FEED);
	await page.getByRole('button', { name: 'Add', exact: true }).click();
	await expect(page.getByText('Up to date, 2 new.')).toBeVisible();

	const stopPretending = await pretendToRead(page);
	await page.getByRole('link', { name: 'Episodes' }).click();
	await expect(page.getByText('They appear here')).toBeVisible();
	stopPretending();
	await expect(page.getByText('2 new newsletters')).toBeVisible();
	await expect(page.getByText('They appear here')).toBeHidden();
	await page.getByRole('link', { name: 'Sources' }).click();

	await page.getByLabel('Email address').fill('ada@own.example');
	await page.getByLabel('App password').fill('secret');
	await page.getByLabel('Mail server', { exact: true }).fill('127.0.0.1');
	await page.getByLabel('Port', { exact: true }).fill(MAILBOX);
	await page.getByLabel('Encryption').selectOption('None');
	await page.getByRole('button', { name: 'Continue' }).click();
	await expect(page.getByLabel(/Folder of ada@own\.example/)).toHaveValue('INBOX');
	await page.getByRole('button', { name: 'Add mailbox' }).click();
	await expect(page.getByText('Up to date, 3 new.')).toBeVisible();

	await page.getByRole('button', { name: 'Remove Tide & Time' }).click();
	await page.getByRole('button', { name: 'Remove', exact: true }).click();
	await expect(page.getByText('Source removed.')).toBeVisible();
	await page.getByRole('link', { name: 'Episodes' }).click();
	await expect(page.getByText('5 new newsletters')).toBeVisible();
});

test('the home page says which source is not read, and what to do', async ({ page }, info) => {
	await watchShifts(page);
	await page.goto(process.env.SIGN_IN_TO_REPAIR ?? '');
	await expect(dashboard(page)).toBeVisible();
	await page.getByRole('link', { name: 'Sources' }).click();
	await page.getByRole('button', { name: 'Pause ada@own.example' }).click();
	await expect(page.getByText('Paused: there are no looks')).toBeVisible();
	await page.getByRole('link', { name: 'Episodes' }).click();
	const rows = page.getByRole('list', { name: 'Your sources' }).getByRole('listitem');
	await expect(rows).toContainText('Paused. Last read: Today.');
	await rows.getByRole('button', { name: 'Resume ada@own.example' }).click();
	await expect(rows).toHaveCount(0);

	// As if the provider refused the password, and everything else were in an episode.
	await page.route(/\/api\/sources(\?|$)/, async (route) => {
		const response = await route.fetch();
		const rows: object[] = await response.json();
		const refusal = {
			state: 'stopped',
			message: 'The mail server refuses this password. Make a new app password, and enter it.',
			trouble_type: '/problems/password-refused'
		};
		return route.fulfill({ response, json: rows.map((row) => ({ ...row, ...refusal })) });
	});
	await page.route('**/api/podcast/quote', (route) =>
		route.fulfill({
			status: 409,
			contentType: 'application/problem+json',
			json: { type: '/problems/nothing-to-brew', detail: 'Nothing.' }
		})
	);
	for (const [name, viewport] of Object.entries({
		desktop: { width: 1280, height: 800 },
		phone: { width: 390, height: 844 }
	})) {
		await page.setViewportSize(viewport);
		for (const colorScheme of ['light', 'dark'] as const) {
			await page.emulateMedia({ colorScheme });
			await page.reload();
			await expect(rows.getByRole('link', { name: 'Fix it under Sources' })).toBeVisible();
			await expect(page.getByTestId('quote')).toContainText('not all of your sources');
			await forgetShifts(page); // the notice
			await checkAppearance(page, `refused-${name}-${colorScheme}`, info);
		}
	}
	await expect(rows).toContainText('refuses this password');
	await expect(rows).toContainText('Last read: Today.');
	await rows.getByRole('link').click();
	await expect(page.getByLabel('New app password for ada@own.example')).toBeVisible();
});

test('a listener trusts the certificate of their own mail server', async ({ page }, info) => {
	await watchShifts(page);
	await page.goto(process.env.SIGN_IN_TO_TRUST ?? '');
	await expect(dashboard(page)).toBeVisible();
	await page.getByRole('link', { name: 'Sources' }).click();
	await page.getByLabel('Email address').fill('eve@own.example');
	await page.getByLabel('App password').fill('secret');
	await page.getByLabel('Mail server', { exact: true }).fill('127.0.0.1');
	await page.getByLabel('Port', { exact: true }).fill(process.env.ENCRYPTED_MAILBOX ?? '');
	await page.getByRole('button', { name: 'Continue' }).click();
	await expect(page.getByRole('alert').filter({ hasText: 'certificate' })).toBeVisible();
	await expect(page.getByTestId('fingerprint')).toHaveText(process.env.FINGERPRINT ?? '');
	for (const [name, viewport] of Object.entries({
		desktop: { width: 1280, height: 800 },
		phone: { width: 390, height: 844 }
	})) {
		await page.setViewportSize(viewport);
		for (const colorScheme of ['light', 'dark'] as const) {
			await page.emulateMedia({ colorScheme });
			await forgetShifts(page);
			await checkAppearance(page, `certificate-${name}-${colorScheme}`, info);
		}
	}
	await page.getByRole('button', { name: 'Trust this certificate' }).click();
	await page.getByRole('button', { name: 'Add mailbox' }).click();
	await expect(page.getByText('Up to date').last()).toBeVisible();
	await page.getByText('Trusts one certificate').click();
	await expect(page.getByText(process.env.FINGERPRINT ?? '')).toBeVisible();
});

test('a phone scans the QR code of a feed link, and opens it in an app', async ({
	page,
	browser
}) => {
	const feed = 'https://brew.example.org/feed/Zk3d_9-abcDEFghij/rss.xml';
	await page.goto(process.env.SIGN_IN_TO_LISTEN ?? '');
	await expect(dashboard(page)).toBeVisible();
	await page.getByRole('link', { name: 'Podcast apps' }).click();
	// This server is at localhost, where no phone gets.
	await page.route('**/api/feed/tokens', async (route) => {
		const response = await route.fetch();
		if (route.request().method() !== 'POST') return route.fulfill({ response });
		return route.fulfill({ response, json: { ...(await response.json()), url: feed } });
	});
	await page.getByLabel('Which device or app?').fill('Phone');
	await page.getByRole('button', { name: 'Create feed link' }).click();
	await expect(page.getByRole('heading', { name: 'Where do you listen?' })).toBeVisible();
	await expect(page.getByRole('link', { name: 'Open in AntennaPod' })).toHaveAttribute(
		'href',
		'antennapod-subscribe://brew.example.org/feed/Zk3d_9-abcDEFghij/rss.xml'
	);
	await page.emulateMedia({ colorScheme: 'dark' });
	await page.getByRole('img', { name: 'QR code of the feed link' }).screenshot({
		path: process.env.QR_IMAGE
	});

	const phone = await (
		await browser.newContext({ viewport: { width: 360, height: 640 } })
	).newPage();
	const own = `${new URL(page.url()).origin}/feed/Zk3d_9-abcDEFghij/rss.xml`;
	await phone.goto(`/listen#${encodeURIComponent(own)}`);
	await expect(phone.getByRole('heading', { name: 'Where do you listen?' })).toBeVisible();
	await expect(phone.getByText('Cannot reach this computer.').first()).toBeVisible();
	await phone.goto(
		`/listen#${encodeURIComponent('https://evil.example/feed/Zk3d_9-abcDEFghij/rss.xml')}`
	);
	await expect(phone.getByRole('heading', { name: 'This link doesn’t work' })).toBeVisible();
	await phone.context().close();
});

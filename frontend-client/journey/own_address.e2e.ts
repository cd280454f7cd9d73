/** An address of one's own: made, used, asked about, replaced and removed. */

import { createHmac } from 'node:crypto';
import type { APIRequestContext, Page } from '@playwright/test';
import { checkAppearance, forgetShifts, watchShifts } from './page_checks';
import { expect, RETRY, test } from './fixtures';

const { SIGN_IN_TO_RECEIVE = '', MAIL_SECRET = '' } = process.env;

/** Deliver a mail as deploy/cloudflare-email-worker.js does. Returns what became of it. */
async function deliver(request: APIRequestContext, recipient: string, lines: string[]) {
	const mail = lines.join('\r\n');
	const timestamp = String(Math.floor(Date.now() / 1000));
	const signed = `${timestamp}\n${recipient}\n${mail}`;
	const response = await request.post('/api/inbound/cloudflare', {
		data: Buffer.from(mail),
		headers: {
			'Content-Type': 'message/rfc822',
			'X-Timestamp': timestamp,
			'X-Recipient': recipient,
			'X-Signature': createHmac('sha256', MAIL_SECRET).update(signed).digest('hex')
		},
		...RETRY
	});
	expect(response.status()).toBe(200);
	return ((await response.json()) as { result: string }).result;
}

const mailFrom = (sender: string, subject: string, html: string) => [
	`From: ${sender}`,
	`Subject: ${subject}`,
	'Date: Mon, 23 Nov 2026 07:30:00 +0000',
	'Content-Type: text/html; charset=utf-8',
	'',
	html
];

/** The page shows what has arrived when the listener comes back to it. */
async function comeBack(page: Page) {
	await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
}

test.beforeEach(({ page }) => watchShifts(page));

test('a listener subscribes with an address of their own', async ({ page, request }, info) => {
	await page.goto(SIGN_IN_TO_RECEIVE);
	await expect(page.getByRole('heading', { name: 'Brew an episode' })).toBeVisible();
	await page.goto('/dashboard/sources');
	await page.getByLabel('Name', { exact: true }).fill('Morning mail');
	await page.getByRole('button', { name: 'Get an address' }).click();
	await expect(page.getByText('No email has arrived yet')).toBeVisible();
	const shown = page.getByText(/^morning-mail\.[a-z2-7]{20}@mail\.brew\.example$/);
	const address = (await shown.textContent()) ?? '';

	await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
	await page.getByRole('button', { name: 'Copy address' }).click();
	expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(address);

	const confirmation = mailFrom(
		'The Ledger <hello@ledger.example>',
		'Please confirm your subscription',
		'<p>Confirm your email.</p><p><a href="https://ledger.example/confirm/7">Confirm</a></p>'
	);
	expect(await deliver(request, address, confirmation)).toBe('stored');
	const forwarding = mailFrom(
		'Gmail Team <forwarding-noreply@google.com>',
		'(#718293645) Gmail Forwarding Confirmation - Receive Mail from ada@mail.example',
		'<p><a href="https://mail-settings.google.com/mail/vf-1">Allow</a></p>'
	);
	expect(await deliver(request, address, forwarding)).toBe('stored');
	await comeBack(page);
	await expect(page.getByText('The Ledger asks you to confirm.')).toBeVisible();
	await expect(page.getByText('The code is 718293645.')).toBeVisible();
	const link = page.getByRole('link', { name: 'Open ledger.example' });
	await expect(link).toHaveAttribute('href', 'https://ledger.example/confirm/7');
	await expect(link).toHaveAttribute('rel', 'noreferrer');
	await expect(link).toHaveAttribute('target', '_blank');

	const saved = page.waitForResponse((response) => response.request().method() === 'PATCH');
	await page.getByLabel('Ask me before a new sender is told').check();
	expect((await saved).status()).toBe(200);
	const issue = mailFrom(
		'The Roast <hello@roast.example>',
		'Beans are back',
		'<p>Beans are back in the shop on Tuesday, says the oldest roaster of the town.</p>'
	);
	expect(await deliver(request, address, issue)).toBe('stored');
	await comeBack(page);
	await expect(page.getByText('New sender: The Roast')).toBeVisible();

	for (const colorScheme of ['light', 'dark'] as const)
		for (const [size, viewport] of Object.entries({
			phone: { width: 390, height: 844 },
			desktop: { width: 1280, height: 800 }
		})) {
			await page.setViewportSize(viewport);
			await page.emulateMedia({ colorScheme });
			await page.reload();
			await expect(page.getByText('New sender: The Roast')).toBeVisible();
			await forgetShifts(page);
			await checkAppearance(page, `own-address-${size}-${colorScheme}`, info);
		}

	await page.getByRole('button', { name: 'Tell newsletters of The Roast' }).click();
	await expect(page.getByText('New sender: The Roast')).toBeHidden();
	await page.getByRole('button', { name: 'Done with The Ledger' }).click();
	await expect(page.getByText('The Ledger asks you to confirm.')).toBeHidden();

	await page.getByRole('button', { name: 'New address for Morning mail' }).click();
	await page.getByRole('button', { name: 'Make a new address' }).click();
	await expect(page.getByText('The new address is ready.')).toBeVisible();
	await expect(page.getByText(address)).toBeHidden();
	const later = [...issue, '<p>And they are gone again.</p>'];
	expect(await deliver(request, address, later)).toBe('unknown');

	await page.getByRole('button', { name: 'Remove Morning mail' }).click();
	await page.getByRole('button', { name: 'Remove', exact: true }).click();
	await expect(page.getByText('Source removed.')).toBeVisible();
	await page.getByRole('link', { name: 'Episodes' }).click();
	await expect(page.getByText('1 new newsletter')).toBeVisible();
});

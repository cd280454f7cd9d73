import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, keepNotices, test } from './fixtures';

const SAMPLES = process.env.SAMPLES ?? '';
const HOSTILE = `From: "Mallory <b>Bold</b>" <mallory@example.org>
To: you@example.org
Subject: <script>document.title='taken over'</script><img src=x onerror=alert(1)>
Date: Mon, 23 Nov 2026 07:00:00 +0000
Message-ID: <hostile@example.org>
List-Id: <hostile.example.org>
List-Unsubscribe: <https://example.org/leave>
Content-Type: text/html; charset=utf-8

<html><body><h1>Terms &lt;script&gt;alert(2)&lt;/script&gt;</h1>
<p>The harbour of Sundby will open its second basin in April, the town council decided on Friday evening.
<a href="javascript:alert(3)">Read the decision</a> or <a href="https://example.org/basin">see the plan</a>.</p>
<p>Ships of up to ninety metres can then turn without a tug, which the pilots had asked for since 2019.</p>
</body></html>
`;

test.describe.configure({ mode: 'serial' });

test('an empty inbox shows the next step', async ({ page }) => {
	await page.goto('/dashboard');

	await expect(
		page.getByText('Drop .eml, .mbox or .zip files or a folder here, or browse')
	).toBeVisible();
	await expect(
		page.getByRole('heading', { name: 'Your first episode is a click away' })
	).toBeVisible();
});

test('newsletters are added, other emails are set aside', async ({ page }) => {
	const files = readdirSync(SAMPLES).filter((name) => name.endsWith('.eml'));
	await keepNotices(page);
	await page.goto('/dashboard');
	await page.getByLabel('Add newsletters').setInputFiles(files.map((name) => join(SAMPLES, name)));

	await expect(page.getByText(`${files.length} emails added.`)).toBeVisible();
	await expect(
		page.getByRole('list', { name: 'Newsletters' }).getByRole('listitem')
	).not.toHaveCount(0);
	await expect(page.getByText(/other emails? \(not newsletters\)/)).toBeVisible();
});

test('a file that is not an email is rejected with a message', async ({ page }) => {
	await page.goto('/dashboard');
	await page
		.getByLabel('Add newsletters')
		.setInputFiles({ name: 'empty.eml', mimeType: 'message/rfc822', buffer: Buffer.alloc(0) });

	const said = page.getByRole('status').or(page.getByText('skipped'));
	await expect(said.filter({ hasText: /\w+ \w+ \w+/ }).first()).toBeVisible();
});

test('a hostile email dropped onto the page is shown as text', async ({ page }) => {
	await page.goto('/dashboard');
	const transfer = await page.evaluateHandle((mail) => {
		const transfer = new DataTransfer();
		transfer.items.add(new File([mail], 'hostile.eml', { type: 'message/rfc822' }));
		return transfer;
	}, HOSTILE);
	await page.getByText('Add newsletters').dispatchEvent('drop', { dataTransfer: transfer });
	await page.getByRole('button', { name: /<script>document\.title/ }).click();

	const sheet = page.getByRole('dialog');
	await expect(
		sheet.getByRole('heading', { name: /<script>document\.title/, level: 2 })
	).toBeVisible();
	// The email's own heading is a heading, too.
	await expect(
		sheet.getByRole('heading', { name: 'Terms <script>alert(2)</script>', level: 4 })
	).toBeVisible();
	await expect(sheet).toContainText('The harbour of Sundby');
	await expect(sheet.getByRole('link', { name: 'see the plan' })).toHaveAttribute(
		'rel',
		'noopener noreferrer nofollow'
	);
	await expect(sheet.getByRole('link', { name: 'Read the decision' })).toHaveCount(0);
	expect(await page.locator('[href^="javascript:"], img').count()).toBe(0);
	await expect(page).toHaveTitle('Episodes · AudioBrew');
});

test('a skipped paragraph can be restored, and another one skipped', async ({ page }) => {
	await page.goto('/dashboard');
	await page
		.getByRole('button', { name: /paragraphs? skipped/ })
		.first()
		.click();
	const sheet = page.getByRole('dialog');
	const cut = sheet.getByText(/^\d+ paragraphs? skipped/);
	const before = Number.parseInt(await cut.innerText());
	await cut.click();
	await sheet.getByRole('button', { name: 'Restore' }).first().click();
	if (before > 1) await expect(cut).toHaveText(new RegExp(`^${before - 1} `));
	else await expect(cut).toHaveCount(0);

	await sheet.getByRole('button', { name: 'Skip this paragraph' }).first().click();
	await expect(cut).toHaveText(new RegExp(`^${before} `));
	await page.keyboard.press('Escape');
	await expect(sheet).toHaveCount(0);
});

test('a skipped paragraph becomes a rule, which is listed and can be revoked', async ({ page }) => {
	await keepNotices(page);
	await page.goto('/dashboard');
	await page
		.getByRole('button', { name: /paragraphs? skipped/ })
		.last()
		.click();
	const sheet = page.getByRole('dialog');
	await sheet.getByRole('button', { name: 'Skip this paragraph' }).first().press('Enter');
	await expect(sheet.getByText(/^Skipped\. Paragraphs like this will be skipped/)).toBeVisible();
	await expect(sheet.getByRole('button', { name: 'Undo' })).toBeFocused();
	await page.keyboard.press('Enter');
	await expect(page.getByText('Undone.')).toBeVisible();
	await expect(sheet.getByText(/^\d+ rules? for/)).toHaveCount(0);

	await sheet.getByRole('button', { name: 'Skip this paragraph' }).first().click();
	await expect(sheet.getByText(/^1 rule for/)).toBeVisible();
	await page.goto('/dashboard/profile');
	const rules = page.getByRole('region', { name: 'Rules for newsletters' }).getByRole('listitem');
	await expect(rules.filter({ hasText: 'Always skipped' }).first()).toBeVisible();
	// The rules of the test before this one are revoked, too, so that later tests begin without rules.
	for (let count = await rules.count(); count > 0; count--) {
		await rules
			.first()
			.getByRole('button', { name: /^Revoke/ })
			.click();
		await expect(page.getByText('Rule revoked.').first()).toBeVisible();
		await expect(rules).toHaveCount(count - 1);
	}
	await expect(page.getByText('None yet. When you skip')).toBeVisible();
});

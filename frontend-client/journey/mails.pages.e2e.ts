/** Emails can be added on every page, and any content fits on the page. */

import type { Page } from '@playwright/test';
import { LONG, WIDE } from './episode_page';
import { waitUntilSettled } from './page_checks';
import { expect, keepNotices, test } from './fixtures';

const mail = (subject: string) =>
	`From: News <news@example.org>
To: you@example.org
Subject: ${subject}
Date: Mon, 23 Nov 2026 07:00:00 +0000
Message-ID: <${subject.replace(/\W/g, '')}@example.org>
List-Id: <news.example.org>
Content-Type: text/plain; charset=utf-8

The harbour of ${subject} opens its second basin in April, the council decided on Friday.
`;
const file = (name: string, text: string) => ({
	name,
	mimeType: 'message/rfc822',
	buffer: Buffer.from(text)
});

test('a bad file among good ones is named with the reason, and the good ones are added', async ({
	page
}) => {
	await keepNotices(page);
	await page.goto('/dashboard');
	await page
		.getByLabel('Add newsletters')
		.setInputFiles([
			file('first.eml', mail('First of three')),
			file('broken.eml', ''),
			file('second.eml', mail('Second of three'))
		]);
	await expect(page.getByText('2 emails added.')).toBeVisible();
	const skipped = page.locator('details', { hasText: '1 email skipped' });
	await expect(skipped.getByRole('listitem')).toHaveText(/^broken\.eml: \w+ .*\.$/);
	for (const name of ['First of three', 'Second of three'])
		await expect(page.getByRole('button', { name: new RegExp(name) })).toHaveCount(1);
});

test('a file dropped anywhere is added, on every page', async ({ page }) => {
	await keepNotices(page);
	for (const path of ['/dashboard', '/dashboard/schedule', `/dashboard/podcast/${LONG}`]) {
		await page.goto(path);
		await expect(page.getByRole('heading').first()).toBeVisible();
		const transfer = await page.evaluateHandle(
			([name, text]) => {
				const data = new DataTransfer();
				data.items.add(new File([text], name, { type: 'message/rfc822' }));
				return data;
			},
			[`${path.length}.eml`, mail(`Dropped ${path.length}`)] as const
		);
		const main = page.locator('main');
		await main.dispatchEvent('dragover', { dataTransfer: transfer });
		await expect(page.getByText('Drop to add newsletters')).toBeVisible();
		const isDefault = await main.evaluate((target, dataTransfer) => {
			const event = new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true });
			return target.dispatchEvent(event);
		}, transfer);
		expect(isDefault).toBe(false); // the browser does not open it
		await expect(page.getByText('1 email added.')).toBeVisible();
		await expect(page.getByText('Drop to add newsletters')).toHaveCount(0);
	}
});

/** A mailbox that is large enough to be imported in the background, in two parts. */
const mailbox = (...subjects: string[]) => {
	const separator = 'From news@example.org Mon Nov 23 07:00:00 2026\n';
	const friend = 'From: bob@example.org\nSubject: Hi\n\nShall we meet in the harbour on Tuesday?\n';
	const padding = `X-Padding: here\n\n${'0'.repeat(5_000_000)}\n`;
	const mails = [...subjects.map(mail), friend, padding];
	return file('All mail.mbox', mails.map((text) => `${separator}${text}\n`).join(''));
};

test('a large mailbox is imported: an interrupted upload goes on, and its result stays', async ({
	page
}) => {
	await page.goto('/dashboard');
	const content = mailbox('Imported one', 'Imported two');
	let parts = 0;
	await page.route('**/api/mail/imports/*/content?*', (route) =>
		++parts === 2 ? new Promise(() => undefined) : route.continue()
	);
	await page.getByLabel('Add newsletters').setInputFiles(content);
	const imports = page.getByRole('list', { name: 'Imports' });
	await expect(imports.getByText('Uploading 5 MB')).toBeVisible();
	await expect(imports.getByRole('button', { name: /^Stop importing/ })).toBeVisible();
	await expect.poll(() => parts).toBe(2);

	await page.reload();
	await expect(imports.getByText(/^The upload stopped at \d+%/)).toBeVisible();
	await page.getByLabel('Add newsletters').setInputFiles(content);
	const result = '2 newsletters from 1 sender. 1 other email was left out. 1 email was skipped.';
	await expect(imports.getByText(result)).toBeVisible();
	await expect(page.getByRole('button', { name: /Imported one/ })).toHaveCount(1);

	await page.reload();
	await expect(imports.getByText(result)).toBeVisible();
	await imports.getByText('Why emails were skipped').click();
	await expect(imports.getByText(/^All mail\.mbox, mail 4/)).toBeVisible();
	await imports.getByRole('button', { name: 'Dismiss “All mail.mbox”' }).click();
	await expect(imports).toHaveCount(0);
	await page.reload();
	await expect(page.getByRole('button', { name: /Imported one/ })).toHaveCount(1);
	await expect(imports).toHaveCount(0);
});

test('an import that is stopped says so', async ({ page }) => {
	await page.goto('/dashboard');
	await page.route('**/api/mail/imports/*/content?*', () => new Promise(() => undefined));
	await page.getByLabel('Add newsletters').setInputFiles(mailbox('Never read'));
	const imports = page.getByRole('list', { name: 'Imports' });
	await imports.getByRole('button', { name: /^Stop importing/ }).click();
	await expect(imports.getByText('Stopped.')).toBeVisible();
	await imports.getByRole('button', { name: /^Dismiss/ }).click();
	await expect(imports).toHaveCount(0);
});

/** No content is wider than the window or hidden beyond its box, and no field is wider than its card. */
async function expectFits(page: Page) {
	await waitUntilSettled(page); // a sheet slides in from the side
	const width = page.viewportSize()!.width;
	expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
		width
	);
	const wide = await page.evaluate(
		(most) =>
			[...document.querySelectorAll('main *, [role=dialog] *, [role=alertdialog] *')]
				.filter((one) => !one.closest('.sr-only, svg, .truncate'))
				.filter((one) => one.getBoundingClientRect().right > most + 1)
				.map((one) => `${one.tagName}: ${one.textContent?.slice(0, 40)}`),
		width
	);
	expect(wide).toEqual([]);
	const outside = await page.evaluate(() =>
		[...document.querySelectorAll('main .card :is(fieldset, input, select, button)')]
			.filter((one) => !one.closest('.sr-only, .sticky'))
			.filter((one) => {
				const card = one.closest('.card')!;
				const padding = parseFloat(getComputedStyle(card).paddingRight);
				const inner = card.getBoundingClientRect().right - padding;
				return one.getBoundingClientRect().right > inner + 1;
			})
			.map((one) => `${one.tagName}: ${one.textContent?.slice(0, 40)}`)
	);
	expect(outside).toEqual([]);
}

for (const width of [320, 390, 1280])
	test(`no page is wider than a window of ${width}`, async ({ page }) => {
		await page.setViewportSize({ width, height: 700 });
		for (const path of ['/', '/dashboard/apps', '/dashboard/schedule', '/dashboard/profile']) {
			await page.goto(path);
			await expect(page.getByRole('heading').first()).toBeVisible();
			await expectFits(page);
		}
		await page.goto('/dashboard');
		await expect(page.getByRole('button', { name: /^Play “/ }).first()).toBeVisible();
		const list = page.locator('details:has([aria-label=Newsletters])');
		if (!(await list.evaluate((details: HTMLDetailsElement) => details.open)))
			await list.locator('summary').first().click();
		await page.getByText('Let me choose').click();
		await expectFits(page);
		await page
			.getByRole('button', { name: /Donaudampf/ })
			.first()
			.click();
		await expect(page.getByRole('dialog').getByText(/can be used in an episode/)).toBeVisible();
		await expectFits(page);
		await page.getByRole('button', { name: 'Delete this email' }).click();
		await expectFits(page);
		await page.keyboard.press('Escape');
		await page.keyboard.press('Escape');

		await page.goto(`/dashboard/podcast/${WIDE}`);
		await expect(page.locator('[data-sentence]').first()).toBeVisible();
		await expectFits(page);
		await page.locator('[data-sentence]:not(.italic)').first().click();
		await expect(page.getByRole('dialog')).toBeVisible();
		await expectFits(page);
		await page.keyboard.press('Escape');
		await page.getByRole('button', { name: /^More options for/ }).click();
		await page.getByRole('menuitem', { name: 'Delete' }).click();
		await expectFits(page);
	});

const ARABIC = 'افتتح مجلس المدينة الميناء الجديد في شهر أبريل.';
const HEBREW = 'מועצת העיר פתחה את הנמל החדש בחודש אפריל.';

test('Arabic and Hebrew are aligned to the right: title, chapters, sentences, sources', async ({
	page
}) => {
	await page.route(`**/api/podcast/${LONG}/script`, async (route) => {
		const answer = await route.fetch();
		const script = await answer.json();
		script.segments.forEach((segment: { language: string; title: string; sentences: [] }) => {
			Object.assign(segment, { language: 'ar', title: ARABIC });
			segment.sentences.forEach((one: { text: string }) => (one.text = HEBREW));
		});
		script.sources.forEach((one: object) =>
			Object.assign(one, { text: ARABIC, subject: ARABIC, sender: HEBREW })
		);
		await route.fulfill({ response: answer, json: script });
	});
	await page.route(`**/api/podcast/${LONG}`, async (route) => {
		const answer = await route.fetch();
		await route.fulfill({ response: answer, json: { ...(await answer.json()), title: ARABIC } });
	});
	await page.goto(`/dashboard/podcast/${LONG}`);
	const sentence = page.locator('[data-sentence]:not(.italic)').first();
	await expect(sentence).toBeVisible();
	const chapter = page.getByRole('navigation', { name: 'Chapters' }).getByText(ARABIC).first();
	const titles = [
		page.getByRole('heading', { level: 1 }),
		chapter,
		page.getByRole('heading', { level: 3, name: ARABIC }).first(),
		sentence
	];
	await sentence.click();
	const sheet = page.getByRole('dialog');
	const source = sheet.getByRole('article').first();
	const inSheet = [
		sheet.getByRole('blockquote'),
		source.getByRole('heading'),
		source.getByText(HEBREW),
		source.locator('p[lang]')
	];
	for (const one of [...titles, ...inSheet]) {
		const style = await one.evaluate((element) => {
			const { direction, textAlign } = getComputedStyle(element);
			return { direction, right: ['start', 'right'].includes(textAlign) };
		});
		expect(style).toEqual({ direction: 'rtl', right: true });
	}
});

test('right-to-left emails, too: row, title, paragraphs', async ({ page }) => {
	await page.goto('/dashboard');
	for (const name of [/ميناء/, /נמל/]) {
		await page.getByText('Let me choose').click();
		const row = page.getByRole('button', { name }).first();
		await row.click();
		const sheet = page.getByRole('dialog');
		await expect(sheet.locator('p[lang]').first()).toBeVisible();
		for (const one of [
			row.locator('[dir=auto]'),
			sheet.getByRole('heading').first(),
			sheet.locator('p[lang]').first()
		])
			expect(await one.evaluate((element) => getComputedStyle(element).direction)).toBe('rtl');
		await page.keyboard.press('Escape');
		await expect(sheet).toHaveCount(0);
	}
});

test('a long sender does not run under the close button of its sheet', async ({ page }) => {
	await page.setViewportSize({ width: 320, height: 700 });
	await page.goto('/dashboard');
	await page.getByText('Let me choose').click();
	const row = page.getByRole('button', { name: /Donaudampf/ }).first();
	await expect(row).toBeVisible();
	await waitUntilSettled(page); // a list that still grows moves the row away from the click
	await row.click();
	const sheet = page.getByRole('dialog');
	await expect(sheet).toBeVisible();
	await waitUntilSettled(page);
	const close = (await sheet.getByRole('button', { name: 'Close' }).boundingBox())!;
	const above = (await sheet.locator('p').first().boundingBox())!;
	expect(above.x + above.width).toBeLessThanOrEqual(close.x);
	await expect(sheet.getByRole('button', { name: 'Close' })).toBeInViewport();
});

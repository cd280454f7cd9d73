import type { Page } from '@playwright/test';
import {
	checkAppearance,
	forgetShifts,
	SHIFT_ALLOWED,
	layoutShift,
	watchShifts
} from './page_checks';
import { expect, test } from './fixtures';

test.beforeEach(({ page }) => watchShifts(page));

async function openEpisode(page: Page) {
	await page.goto('/dashboard');
	await page
		.getByRole('listitem')
		.filter({ has: page.getByRole('button', { name: /^Play / }) })
		.getByRole('link')
		.first()
		.click();
	await expect(page.getByRole('heading', { name: 'Transcript' })).toBeVisible();
}

test('the landing page', async ({ page }, info) => {
	await page.goto('/');
	await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
	await checkAppearance(page, 'landing', info);
});

test('signing in', async ({ page }, info) => {
	await page.context().clearCookies();
	await page.goto('/dashboard');
	await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
	await checkAppearance(page, 'sign-in', info);
});

test('the dashboard', async ({ page }, info) => {
	await page.goto('/dashboard');
	await expect(page.getByRole('button', { name: /^Play / }).first()).toBeVisible();
	await expect(page.getByTestId('quote')).toContainText('All caught up');
	await checkAppearance(page, 'dashboard', info);
});

test('a newsletter', async ({ page }, info) => {
	await page.goto('/dashboard');
	await page.getByText('Let me choose').click(); // nothing new is listed, because episodes cover all newsletters
	await page
		.getByRole('button', { name: /paragraphs? skipped/ })
		.first()
		.click();
	await page
		.getByRole('dialog')
		.getByText(/^\d+ paragraphs? skipped/)
		.click();
	await checkAppearance(page, 'newsletter', info, false);
});

test('a word that is said wrong', async ({ page }, info) => {
	await page.route('**/api/podcast/*/script', async (route) => {
		const answer = await route.fetch();
		const script = await answer.json();
		script.segments[0].sentences[2].unclear = ['Duluth', '61,500 dollars'];
		await route.fulfill({ response: answer, json: script });
	});
	await page.goto('/dashboard/profile');
	await expect(page.getByText('None yet. If a voice says a name or a word wrong')).toBeVisible();
	await openEpisode(page);
	await page.locator('[data-sentence]').nth(2).click();
	await expect(page.getByRole('dialog', { name: 'Where this comes from' })).toContainText(
		'Hard to understand: Duluth, 61,500 dollars'
	);
	await checkAppearance(page, 'sentence', info, false);
	await page.getByRole('button', { name: 'Said wrong?' }).click();
	const sheet = page.getByRole('dialog', { name: 'Said wrong?' });
	const choice = sheet.getByRole('group').getByRole('button').first();
	await choice.click();
	await expect(choice).toHaveAttribute('aria-pressed', 'true');
	const word = (await choice.innerText()).trim();
	await expect(sheet.getByLabel('Word', { exact: true })).toHaveValue(word);
	await sheet.getByLabel('Say it like').fill('Ta-da');
	await checkAppearance(page, 'said-wrong', info, false);
	await sheet.getByRole('button', { name: 'Save' }).click();
	await expect(sheet).toBeHidden();
	await page.goto('/dashboard/profile');
	await expect(page.getByText(`${word} like Ta-da`)).toBeVisible();
	await forgetShifts(page);
	await checkAppearance(page, 'pronunciation', info);
	await page.getByRole('button', { name: `Change ${word}` }).click();
	const list = page.getByRole('dialog', { name: 'Pronunciation' });
	await expect(list.getByLabel('Say it like')).toHaveValue('Ta-da');
	await list.getByLabel('Say it like').fill('Ta-daa');
	await list.getByRole('button', { name: 'Save' }).click();
	await expect(page.getByText(`${word} like Ta-daa`)).toBeVisible();
	await page.getByRole('button', { name: `Delete ${word}` }).click();
	await expect(page.getByText('None yet. If a voice says a name or a word wrong')).toBeVisible();
});

test('a rule, where it is made and where it is listed', async ({ page }, info) => {
	await page.goto('/dashboard/profile');
	await expect(page.getByText('None yet. When you skip or restore a paragraph')).toBeVisible();
	await forgetShifts(page);
	await checkAppearance(page, 'no-rules', info);
	await page.goto('/dashboard');
	await page.getByText('Let me choose').click();
	await page
		.getByRole('button', { name: /paragraphs? skipped/ })
		.first()
		.click();
	const sheet = page.getByRole('dialog');
	await sheet.getByRole('button', { name: 'Skip this paragraph' }).first().click();
	await expect(sheet.getByRole('button', { name: 'Undo' })).toBeFocused();
	await forgetShifts(page); // what the answer to a click moved, which may take long on a busy machine
	await sheet.getByText(/^1 rule for/).click();
	await checkAppearance(page, 'rule-made', info, false);
	await page.goto('/dashboard/profile');
	const revoke = page.getByRole('button', { name: /^Revoke: Always skipped/ });
	await expect(revoke).toBeVisible();
	await forgetShifts(page);
	await checkAppearance(page, 'rules', info);
	await revoke.click();
	await expect(revoke).toHaveCount(0);
});

test('a file that is refused', async ({ page }, info) => {
	await page.goto('/dashboard');
	await expect(page.getByTestId('quote')).toContainText('All caught up');
	await page
		.getByLabel('Add newsletters')
		.setInputFiles({ name: 'empty.eml', mimeType: 'message/rfc822', buffer: Buffer.alloc(0) });
	await expect(page.getByText('1 email skipped', { exact: true })).toBeVisible();
	await forgetShifts(page);
	await checkAppearance(page, 'refused', info);
});

test('a lost network', async ({ page, context }, info) => {
	await page.goto('/dashboard');
	await expect(page.getByTestId('quote')).toContainText('All caught up');
	await context.setOffline(true);
	await expect(page.getByText('You’re offline.')).toBeVisible();
	await forgetShifts(page);
	await checkAppearance(page, 'offline', info, false);
	await context.setOffline(false);
	await expect(page.getByText('You’re offline.')).toHaveCount(0);
});

test('an episode and the source of a sentence', async ({ page }, info) => {
	await openEpisode(page);
	await checkAppearance(page, 'episode', info);
	await page.locator('[data-sentence]:not(.italic)').first().click();
	await expect(page.getByRole('dialog')).toBeVisible();
	await checkAppearance(page, 'source', info, false);
	await page
		.getByRole('dialog')
		.getByRole('button', { name: /^Play from/ })
		.click();
	await expect(page.locator('[data-sentence][aria-current=true]')).toHaveCount(1);
	await page.getByRole('button', { name: 'Pause' }).first().click(); // the page follows what is heard
	await checkAppearance(page, 'listening', info, false);
});

test('a script that waits is read, edited and given up', async ({ page }, info) => {
	const unsaid = 'The ferry was late.';
	await page.route('**/api/podcast/*/script', async (route) => {
		const answer = await route.fetch();
		const script = await answer.json();
		script.dropped.push({ text: unsaid, why: 'time', found: [], cites: [] });
		await route.fulfill({ response: answer, json: script });
	});
	await page.goto('/dashboard');
	await page.getByText('Let me choose').click();
	const rows = page.getByRole('list', { name: 'Newsletters' }).getByRole('listitem');
	await rows.first().getByRole('checkbox').check();
	await page.getByLabel('Let me read the script before it is spoken').check();
	await page.getByRole('button', { name: /^Brew \d+ minutes?$/ }).click();
	await page.getByRole('link', { name: 'Read it' }).first().click();
	await expect(page.getByRole('heading', { name: 'Read it before it is spoken' })).toBeVisible();
	const edit = page.getByRole('button', { name: /^Edit: / });
	await expect(edit.first()).toBeVisible();
	await forgetShifts(page);
	await page.getByText(/^\d+ sentences? left out/).click();
	await expect(page.getByText(unsaid)).toBeVisible();
	await checkAppearance(page, 'review', info);

	await edit.first().click();
	const sheet = page.getByRole('dialog');
	const text = await sheet.getByLabel('Spoken sentence').inputValue();
	await sheet.getByLabel('Spoken sentence').fill(`${text} It cost 987 dollars.`);
	await sheet.getByRole('button', { name: 'Save', exact: true }).click();
	await expect(sheet.getByRole('alert')).toContainText('987');
	await checkAppearance(page, 'review-refused', info, false);
	await page.keyboard.press('Escape');

	const count = await edit.count(); // sentences of the framing have none
	await page
		.getByRole('button', { name: `Remove: ${text}`, exact: true })
		.first()
		.click();
	await expect(page.getByRole('button', { name: `Restore: ${text}`, exact: true })).toBeVisible();
	await expect(edit).toHaveCount(count - 1);
	await page.getByRole('button', { name: 'Cancel' }).click();
	await expect(page.getByText('Brew cancelled.')).toBeVisible();
});

test('deleting asks for confirmation', async ({ page }, info) => {
	await page.goto('/dashboard');
	await page
		.getByRole('button', { name: /^More options for/ })
		.first()
		.click();
	await expect(page.getByRole('menu')).toBeVisible();
	await checkAppearance(page, 'menu', info, false);
	await page.getByRole('menuitem', { name: 'Delete' }).click();
	await expect(page.getByRole('alertdialog')).toBeVisible();
	await checkAppearance(page, 'confirm', info, false);
	await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
});

test('podcast apps', async ({ page }, info) => {
	await page.goto('/dashboard/apps');
	await expect(page.getByRole('heading', { name: 'Where to paste the link' })).toBeVisible();
	expect(await layoutShift(page)).toBeLessThan(SHIFT_ALLOWED);
	await page.getByLabel('Which device or app?').fill(`Phone, ${info.project.name}`);
	await page.getByRole('button', { name: 'Create feed link' }).click();
	await expect(page.getByTestId('address')).toBeVisible();
	await forgetShifts(page);
	await checkAppearance(page, 'podcast-apps', info);
});

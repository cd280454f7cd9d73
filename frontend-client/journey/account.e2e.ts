import type { Page } from '@playwright/test';
import { expect, keepNotices, RETRY, test } from './fixtures';

const { SUPABASE = '', GOOGLE = '', ADDRESS = '', PASSWORD = '' } = process.env;
const NEW = 'new@mail.example';

test.describe.configure({ mode: 'serial' });

async function submitSignIn(page: Page, address: string, password: string, act = 'Sign in') {
	await page.getByLabel('Email address').fill(address);
	await page.getByLabel('Password').fill(password);
	await page.getByRole('button', { name: act, exact: true }).click();
}

/** The link in the newest email to an address. */
async function latestLink(page: Page, address: string): Promise<string> {
	const response = await page.request.get(`${SUPABASE}/mailbox?address=${address}`, RETRY);
	const [link] = (await response.json()) as string[];
	return link ?? '';
}

async function consentAtGoogle(
	page: Page,
	address: string,
	choice: 'Allow' | 'Cancel',
	mail = true
) {
	await page.getByRole('button', { name: /^(Connect Gmail|Reconnect)$/ }).click();
	await page.getByRole('combobox', { name: 'Account' }).selectOption(address);
	await page.getByLabel('View your mail').setChecked(mail);
	await page.getByRole('button', { name: choice }).click();
	await expect(page.getByRole('heading', { name: 'Sources' })).toBeVisible();
}

const dashboard = (page: Page) => page.getByRole('heading', { name: 'Brew an episode' });

test('an account is created, confirmed by email, and signed out and in again', async ({ page }) => {
	await page.goto('/dashboard');
	await page.getByRole('button', { name: 'Create account' }).click();
	await submitSignIn(page, NEW, 'a long password', 'Create account');
	await expect(page.getByRole('status').filter({ hasText: NEW })).toBeVisible();
	await page.goto(await latestLink(page, NEW));
	await expect(dashboard(page)).toBeVisible();

	await page.getByRole('link', { name: 'Profile' }).click();
	await expect(page.getByText(`Signed in as ${NEW}`)).toBeVisible();
	await page.getByRole('button', { name: 'Sign out' }).click();
	await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
	await submitSignIn(page, NEW, 'a wrong password');
	await expect(page.getByRole('alert')).toContainText('Wrong email or password');
	await submitSignIn(page, NEW, 'a long password');
	await expect(dashboard(page)).toBeVisible();
});

test('a forgotten password is reset with a link from an email', async ({ page }) => {
	await page.goto('/dashboard');
	await page.getByRole('button', { name: 'Forgot your password?' }).click();
	await page.getByLabel('Email address').fill(NEW);
	await page.getByRole('button', { name: 'Send reset link' }).click();
	await expect(page.getByText('a reset link is on its way')).toBeVisible();
	await page.goto(await latestLink(page, NEW));
	await page.getByLabel('New password').fill('another long password');
	await page.getByRole('button', { name: 'Save password' }).click();

	await expect(dashboard(page)).toBeVisible();
});

test('refusing access at Google connects nothing and leaves no parameter in the address', async ({
	page
}) => {
	await keepNotices(page);
	await page.goto('/dashboard/sources');
	await submitSignIn(page, ADDRESS, PASSWORD);
	await consentAtGoogle(page, ADDRESS, 'Cancel');

	await expect(page.getByText('You didn’t allow access')).toBeVisible();
	await expect(page.getByRole('button', { name: 'Connect Gmail' })).toBeVisible();
	expect(page.url()).not.toContain('gmail');
});

test('a missing permission at Google is named, and nothing is connected', async ({ page }) => {
	await keepNotices(page);
	await page.goto('/dashboard/sources');
	await submitSignIn(page, ADDRESS, PASSWORD);
	await consentAtGoogle(page, ADDRESS, 'Allow', false);

	await expect(page.getByText('you did not allow reading your mail')).toBeVisible();
	await expect(page.getByRole('button', { name: 'Connect Gmail' })).toBeVisible();
});

test('Gmail is connected, a label is chosen, and its emails are brewed for the quoted price', async ({
	page
}) => {
	await page.goto('/dashboard/sources');
	await submitSignIn(page, ADDRESS, PASSWORD);
	await consentAtGoogle(page, ADDRESS, 'Allow');
	await expect(page.getByRole('listitem').filter({ hasText: ADDRESS })).toBeVisible();
	expect(page.url()).not.toContain('gmail');
	await page.getByLabel('Read newsletters from').selectOption({ label: 'AudioBrew' });

	await page.getByRole('link', { name: 'Episodes' }).click();
	await page.getByRole('button', { name: 'Check for new emails' }).click();
	await expect(page.getByText('emails with your label')).toBeVisible({ timeout: 300_000 });
	const quote = page.getByTestId('quote');
	await expect(quote).toHaveText(/newsletters\. \d+ AI requests, (about|less than) /);
	const before = await quote.innerText();
	await page.getByLabel('Minutes', { exact: true }).fill('2');
	await page.getByLabel('Minutes', { exact: true }).blur();
	await expect(quote).not.toHaveText(before);
	await page.getByText('More options').click();
	await page.getByText('Conversation').click();
	await page.getByRole('button', { name: 'Brew 2 minutes' }).click();
	await page
		.getByRole('button', { name: /^Play / })
		.first()
		.waitFor({ timeout: 300_000 });
	await page.getByRole('listitem').getByRole('link').first().click();

	await expect(page.getByText(/AI requests, .* estimated/)).toBeVisible();
	await page.context().storageState({ path: 'journey/.account.json' });
});

test('access revoked at Google is noticed and can be granted again', async ({ page }) => {
	await page.goto('/dashboard');
	await submitSignIn(page, ADDRESS, PASSWORD);
	await expect(page.getByText('Gmail is connected.')).toBeVisible();
	await page.request.post(`${GOOGLE}/permissions`, { form: { account: ADDRESS } });
	await page.getByRole('button', { name: 'Check for new emails' }).click();
	await expect(page.getByText('Gmail needs to be reconnected.')).toBeVisible();
	await page.getByRole('link', { name: 'Reconnect' }).click();

	await expect(page.getByText('Google no longer lets AudioBrew read your mail')).toBeVisible();
	await consentAtGoogle(page, ADDRESS, 'Allow');
	await expect(page.getByText('Google no longer lets AudioBrew read your mail')).toBeHidden();
	await expect(page.getByText('Up to date.')).toBeVisible(); // or its first look would end after the next refusal

	await page.request.post(`${GOOGLE}/permissions`, { form: { account: ADDRESS } });
	await page.reload();
	await consentAtGoogle(page, ADDRESS, 'Allow');
	await expect(page.getByLabel('Read newsletters from')).toBeVisible();
});

test('a brew that reaches its cap stops, says so, and continues with a higher one', async ({
	page
}) => {
	await page.goto('/dashboard');
	await submitSignIn(page, ADDRESS, PASSWORD);
	await page.getByText('Let me choose').click();
	await page.getByText('More options').click();
	await page.getByLabel('Spending limit (US$)').fill('0.01');
	await page.getByLabel('Minutes', { exact: true }).fill('6');
	await page.getByLabel('Minutes', { exact: true }).blur();
	await page.getByRole('button', { name: /^Brew \d+ minutes/ }).click();
	await expect(page.getByText(/Stopped at your spending limit/).first()).toBeVisible();
	await page
		.getByRole('listitem')
		.filter({ hasText: 'Stopped at your spending limit' })
		.getByRole('link')
		.first()
		.click();
	await expect(page).toHaveURL(/\/dashboard\/podcast\/[0-9a-f-]{36}$/);
	await page.getByLabel('Spending limit (US$)').fill('5');
	await page.getByRole('button', { name: 'Try again' }).click();

	await expect(page.getByRole('heading', { name: 'Transcript' })).toBeVisible({ timeout: 300_000 });
});

test('a schedule is set, shown, changed and turned off', async ({ page }) => {
	await page.goto('/dashboard/schedule');
	await submitSignIn(page, ADDRESS, PASSWORD);
	await page.getByText('Weekly').click();
	await page.getByLabel('Day', { exact: true }).selectOption('Friday');
	await page.getByLabel('Time', { exact: true }).fill('07:15');
	await page.getByLabel('Time zone').selectOption('Europe/Madrid');
	await page.getByRole('button', { name: 'Turn on' }).click();
	await expect(page.getByText('Every Friday at 07:15')).toBeVisible();
	await expect(page.getByText(/Next: Friday .*07:15 \(Europe\/Madrid\)/)).toBeVisible();

	await page.getByText('Daily').click();
	await page.getByRole('button', { name: 'Save changes' }).click();
	await expect(page.getByText('Every day at 07:15')).toBeVisible();
	await page.getByRole('button', { name: 'Turn off' }).click();
	await page.getByRole('alertdialog').getByRole('button', { name: 'Turn off' }).click();
	await expect(page.getByRole('button', { name: 'Turn on' })).toBeVisible();
	await page.getByRole('button', { name: 'Turn on' }).click();
	await expect(page.getByText('Every day at 06:30')).toBeVisible();
});

test('Gmail is disconnected and the account deleted for good', async ({ page }) => {
	await page.goto('/dashboard/sources');
	await submitSignIn(page, NEW, 'another long password');
	await consentAtGoogle(page, NEW, 'Allow');
	await expect(page.getByText('How to label newsletters automatically')).toBeVisible();
	await page.getByRole('button', { name: `Remove ${NEW}` }).click();
	await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
	await expect(page.getByRole('button', { name: 'Connect Gmail' })).toBeVisible();

	await page.getByRole('link', { name: 'Profile' }).click();
	await page.getByRole('button', { name: 'Delete account' }).click();
	const sheet = page.getByRole('dialog');
	await expect(sheet.getByRole('button', { name: 'Delete everything' })).toBeDisabled();
	await sheet.getByLabel('Type “delete” to confirm').fill('delete');
	await sheet.getByRole('button', { name: 'Delete everything' }).click();
	await expect(page.getByRole('heading', { name: 'Your account was deleted' })).toBeVisible();

	await expect(async () => {
		await page.goto('/dashboard');
		await submitSignIn(page, NEW, 'another long password');
		await expect(page.getByRole('alert')).toContainText('Wrong email or password', {
			timeout: 10_000
		});
	}).toPass();
});

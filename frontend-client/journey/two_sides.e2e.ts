import { expect, test, type Page } from '@playwright/test';
import { collectPageErrors } from './fixtures';

const { CONTROL = '', ADDRESS = '', PASSWORD = '' } = process.env;

async function expectNoAlerts(page: Page) {
	const alerts = page.getByRole('alert').filter({ hasText: /\S/, visible: true });
	await expect(alerts).toHaveCount(0);
}

test('railway dies while a listener waits for an episode, and they notice nothing', async ({
	page,
	request
}) => {
	const errors = collectPageErrors(page);
	const sides: (string | undefined)[] = [];
	page.on('request', (asked) => sides.push(asked.headers()['x-audiobrew-side']));
	await page.goto('/dashboard');
	await page.getByLabel('Email address').fill(ADDRESS);
	await page.getByLabel('Password').fill(PASSWORD);
	await page.getByRole('button', { name: 'Sign in', exact: true }).click();
	await page.getByRole('button', { name: /^Brew \d+ minutes/ }).click();
	await expect(page.getByRole('progressbar').first()).toBeVisible();
	expect(sides).toContain('railway');
	await request.post(`${CONTROL}/kill-railway`);

	await page.getByRole('link', { name: 'Podcast apps' }).click();
	await expect(page.getByRole('heading', { name: 'Podcast apps', level: 1 })).toBeVisible();
	await expectNoAlerts(page);
	await page.getByRole('link', { name: 'Schedule' }).click();
	await page.getByRole('button', { name: 'Turn on' }).click(); // a write without a key
	await expect(page.getByText('Every day at 06:30')).toBeVisible();
	await page.getByRole('link', { name: 'Episodes' }).click();
	await request.post(`${CONTROL}/worker-elsewhere`);
	await expect(page.getByRole('button', { name: /^Play / }).first()).toBeVisible({
		timeout: 300_000
	});
	await expectNoAlerts(page);
	await page.reload();
	await expect(page.getByRole('button', { name: /^Play / }).first()).toBeVisible();
	await expectNoAlerts(page);

	expect(errors.filter((one) => !one.startsWith('502 '))).toEqual([]); // responses that railway failed to give
	const cookies = await page.context().cookies();
	expect(cookies.find(({ name }) => name === 'audiobrew_side')?.value).toBe('vercel');
});

import { expect, test, type Page } from '@playwright/test';
import { troubles } from './fixtures';

const { CONTROL = '', ADDRESS = '', PASSWORD = '' } = process.env;

async function nothingIsWrong(page: Page) {
	const alerts = page.getByRole('alert').filter({ hasText: /\S/, visible: true });
	await expect(alerts).toHaveCount(0);
}

test('railway dies while a listener waits for an episode, who hears of it nothing but the episode', async ({
	page,
	request
}) => {
	const found = troubles(page);
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
	await nothingIsWrong(page);
	await page.getByRole('link', { name: 'Schedule' }).click();
	await page.getByRole('button', { name: 'Turn on' }).click(); // a write without a key
	await expect(page.getByText('Every day at 06:30')).toBeVisible();
	await page.getByRole('link', { name: 'Episodes' }).click();
	await request.post(`${CONTROL}/worker-elsewhere`);
	await expect(page.getByRole('button', { name: /^Play / }).first()).toBeVisible({
		timeout: 300_000
	});
	await nothingIsWrong(page);
	await page.reload();
	await expect(page.getByRole('button', { name: /^Play / }).first()).toBeVisible();
	await nothingIsWrong(page);

	expect(found.filter((one) => !one.startsWith('502 '))).toEqual([]); // what railway did not answer
	const cookies = await page.context().cookies();
	expect(cookies.find(({ name }) => name === 'audiobrew_side')?.value).toBe('vercel');
});

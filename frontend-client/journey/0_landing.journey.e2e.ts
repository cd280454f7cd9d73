import { expect, test } from './fixtures';

test('the sample episode plays on the landing page and shows where sentences come from', async ({
	page
}) => {
	await page.goto('/');
	const transcript = page.getByRole('region', { name: 'Transcript of the sample' });
	const current = transcript.locator('[aria-current=true]');

	const audio = page.locator('audio');
	const time = () => audio.evaluate((element: HTMLAudioElement) => element.currentTime);
	const play = page.getByRole('button', { name: 'Play the sample episode' });
	const pause = page.getByRole('button', { name: 'Pause' });

	await play.click();
	await expect(current).toBeVisible();
	await pause.click();
	await transcript.getByRole('button').first().click(); // shows its source, and does not play
	await expect(page.getByText('The hosts’ own words')).toBeVisible();
	const line = transcript.locator('[data-number]:not(.italic)').filter({ hasText: /.{60}/ }).nth(1);
	const [word] = (await line.innerText()).split(/[^\p{L}]+/u).sort((a, b) => b.length - a.length);
	await line.click();
	await expect(page.locator('mark')).toContainText(word!);
	const start = await time();
	expect(start).toBeGreaterThan(10);

	await play.click();
	const top = await page.evaluate(() => scrollY); // the click itself may have scrolled
	await expect.poll(time).toBeGreaterThan(start + 1);
	await expect(line).not.toHaveAttribute('aria-current'); // the next sentences, for which only the list scrolls
	expect(await page.evaluate(() => scrollY)).toBe(top);
	await pause.click();
	expect(await audio.evaluate((element: HTMLAudioElement) => element.paused)).toBe(true);
});

test('a sample whose audio is missing says so', async ({ page }) => {
	await page.route('**/sample-episode.mp3', (route) => route.abort());
	await page.goto('/');
	await page.getByRole('button', { name: 'Play the sample episode' }).click();

	await expect(page.getByRole('alert')).toContainText('The sample can’t be played right now.');
});

test('the landing page leads to signing in', async ({ page }) => {
	await page.goto('/');
	await page.getByRole('link', { name: 'Sign in' }).click();

	await expect(page).toHaveURL(/\/dashboard$/);
});

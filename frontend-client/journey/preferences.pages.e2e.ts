import { expect, test } from './fixtures';

test('a new schedule starts with the listener’s preferences', async ({ page }) => {
	let sent: unknown;
	await page.route(/\/api\/user\//, async (route) => {
		const response = await route.fetch();
		const preferences = {
			minutes: 12,
			hosts: 1,
			style: 'conversation',
			zone: 'Asia/Tokyo',
			sounds: false
		};
		await route.fulfill({ response, json: { ...(await response.json()), preferences } });
	});
	await page.route('**/api/schedule', (route) => {
		if (route.request().method() !== 'PUT') return route.fallback();
		sent = route.request().postDataJSON();
		return route.fulfill({ status: 409, json: { detail: 'Not now.' } });
	});
	await page.goto('/dashboard/schedule');
	await expect(page.getByLabel('Minutes')).toHaveValue('12');
	await expect(page.getByLabel('Hosts')).toHaveValue('1');
	await expect(page.getByLabel('Time zone')).toHaveValue('Asia/Tokyo');
	await expect(page.getByLabel('Short sounds between stories')).not.toBeChecked();
	await page.getByLabel('Hosts').selectOption('Two');
	await page.getByRole('button', { name: 'Turn on' }).click();
	const style = { style: 'conversation', language: null };
	await expect
		.poll(() => sent)
		.toMatchObject({ minutes: 12, hosts: 2, zone: 'Asia/Tokyo', sounds: false, ...style });
});

test('a listener turns the sounds off for later orders and schedules', async ({ page }) => {
	const sounds = page.getByLabel('Short sounds between stories');
	await page.goto('/dashboard/profile');
	await expect(sounds).toBeChecked();
	await sounds.uncheck();
	await page.getByRole('button', { name: 'Save', exact: true }).click();
	await expect(page.getByText('Your show is saved.')).toBeVisible();

	await page.goto('/dashboard');
	await page.getByText('More options').click();
	await expect(sounds).not.toBeChecked();
	await page.goto('/dashboard/profile');
	await sounds.check();
	await page.getByRole('button', { name: 'Save', exact: true }).click();
	await expect(page.getByText('Your show is saved.')).toBeVisible();
});

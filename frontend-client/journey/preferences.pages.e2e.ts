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
			host_roles: 'second_asks',
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
	await expect(page.getByLabel('Hosts', { exact: true })).toHaveValue('1');
	await expect(page.getByLabel('Time zone')).toHaveValue('Asia/Tokyo');
	await expect(page.getByLabel('Short sounds between stories')).not.toBeChecked();
	await page.getByLabel('Hosts', { exact: true }).selectOption('Two');
	await expect(page.getByLabel('Roles of the hosts')).toHaveValue('second_asks');
	await page.getByRole('button', { name: 'Turn on' }).click();
	const style = { style: 'conversation', language: null };
	await expect
		.poll(() => sent)
		.toMatchObject({
			...{ minutes: 12, hosts: 2, zone: 'Asia/Tokyo' },
			...{ host_roles: 'second_asks', sounds: false },
			...style
		});
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

test('a listener decides which host asks in later orders and schedules', async ({ page }) => {
	const roles = page.getByLabel('Roles of the hosts');
	await page.goto('/dashboard/profile');
	await expect(roles).toHaveValue('shared');
	await page.getByLabel('Name of host 1').fill('Ada');
	await roles.selectOption('Ada asks, Host 2 tells');
	await page.getByRole('button', { name: 'Save', exact: true }).click();
	await expect(page.getByText('Your show is saved.')).toBeVisible();

	await page.goto('/dashboard');
	await page.getByText('More options').click();
	await expect(roles).toHaveValue('first_asks');
	await page.goto('/dashboard/profile');
	await page.getByLabel('Name of host 1').fill('');
	await roles.selectOption('Both tell stories');
	await page.getByRole('button', { name: 'Save', exact: true }).click();
	await expect(page.getByText('Your show is saved.')).toBeVisible();
});

import { defineConfig, devices } from '@playwright/test';

const phone = {
	...devices['iPhone 14'],
	defaultBrowserType: 'chromium' as const,
	deviceScaleFactor: 1,
	viewport: { width: 390, height: 844 }
};
const desktop = { viewport: { width: 1280, height: 800 } };
/** One file for each run of `pytest`'s workers, which go on side by side. */
const state = `journey/.visitor-${process.env.JOURNEY ?? ''}.json`;
const visitor = { dependencies: ['visitor'], use: { ...desktop, storageState: state } };
const signedIn = { storageState: 'journey/.signed-in.json' };

/** How the app looks: each page, light and dark, on a phone and on a desk. */
const screens = (['light', 'dark'] as const).flatMap((colorScheme) =>
	Object.entries({ phone, desktop }).map(([size, screen]) => ({
		name: `${size}-${colorScheme}`,
		use: { ...screen, colorScheme }
	}))
);
const looks = screens.map(({ name, use }) => ({
	name,
	testMatch: 'appearance.e2e.ts',
	dependencies: ['journey'],
	use: { ...use, ...signedIn }
}));

/** The same for the pages of who has an account. */
const accountLooks = screens.map(({ name, use }) => ({
	name: `account-${name}`,
	testMatch: 'account_appearance.e2e.ts',
	dependencies: ['account'],
	use: { ...use, storageState: 'journey/.account.json' }
}));

/** Run by `pytest tests/web`, which starts the product and says where it is. */
export default defineConfig({
	testDir: 'journey',
	metadata: { state },
	outputDir: `journey/.results/${process.env.JOURNEY ?? 'journey'}`,
	reporter: 'list',
	workers: 1,
	// What a machine needs that is ten times slower than a quiet one.
	timeout: 600_000,
	expect: { timeout: 60_000 },
	use: {
		baseURL: process.env.BASE_URL,
		// Requests that a service worker sees are hidden from `page.route`.
		serviceWorkers: 'block',
		trace: process.env.TRACE ? 'retain-on-failure' : 'off', // traces cost processor time
		launchOptions: {
			executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium-headless-shell',
			args: [
				'--no-sandbox',
				'--disable-gpu',
				'--disable-background-networking',
				'--disable-component-update',
				'--autoplay-policy=no-user-gesture-required'
			]
		}
	},
	projects: [
		{ name: 'sign-in', testMatch: 'sign_in.e2e.ts', use: desktop },
		{
			name: 'journey',
			testMatch: '*.journey.e2e.ts',
			dependencies: ['sign-in'],
			use: { ...desktop, ...signedIn }
		},
		...looks,
		{ name: 'visitor', testMatch: 'visitor.e2e.ts', use: desktop },
		{ name: 'pages', testMatch: '*.pages.e2e.ts', ...visitor },
		{ name: 'listening', testMatch: '*.listening.e2e.ts', ...visitor },
		{ name: 'scrollbar', testMatch: 'scrollbar.e2e.ts', ...visitor },
		{ name: 'stores', testMatch: 'stores_*.e2e.ts', timeout: 1_800_000, use: desktop },
		{ name: 'account', testMatch: 'account.e2e.ts', use: desktop },
		...accountLooks,
		...screens.map(({ name, use }) => ({
			name: `before-${name}`,
			testMatch: 'legacy_appearance.e2e.ts',
			use
		})),
		{ name: 'home', testMatch: ['home.e2e.ts', 'own_address.e2e.ts'], use: desktop },
		{ name: 'rehearsal', testMatch: 'rehearsal.e2e.ts', grep: /@before/, use: desktop },
		{ name: 'rehearsal-after', testMatch: 'rehearsal.e2e.ts', grep: /@after/, use: desktop },
		...Object.entries({ phone, desktop }).map(([size, use]) => ({
			name: `first-steps-${size}`,
			testMatch: 'first_steps.e2e.ts',
			grep: /@setup/,
			use
		})),
		{ name: 'scan-desktop', testMatch: 'first_steps.e2e.ts', grep: /@scan/, use: phone },
		{ name: 'screenshots', testMatch: 'screenshots.e2e.ts', ...visitor },
		{ name: 'installed', testMatch: ['installed.e2e.ts', 'downloads.e2e.ts'], use: desktop },
		{
			name: 'old-shell',
			testMatch: 'old_shell.e2e.ts',
			use: { ...desktop, serviceWorkers: 'allow' }
		},
		{ name: 'two-sides', testMatch: 'two_sides.e2e.ts', use: desktop }
	]
});

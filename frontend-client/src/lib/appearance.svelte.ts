/** Light, dark or as the device; `static/theme.js` applies it before the first paint. */

import { storage } from '#lib/storage.ts';

export type Appearance = 'system' | 'light' | 'dark';

const KEY = 'theme';

function read(): Appearance {
	const stored = storage.read(KEY);
	return stored === 'light' || stored === 'dark' ? stored : 'system';
}

class AppearanceChoice {
	value = $state(read());

	set(value: Appearance) {
		this.value = value;
		if (value === 'system') storage.remove(KEY);
		else storage.write(KEY, value);
		const prefersDark = matchMedia('(prefers-color-scheme: dark)').matches;
		const isDark = value === 'dark' || (value === 'system' && prefersDark);
		document.documentElement.classList.toggle('dark', isDark);
	}
}

export const appearance = new AppearanceChoice();

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { installStorage } from './fake_storage';

const classes = new Set<string>();
let prefersDark = false;
let stored: Map<string, string>;

beforeEach(() => {
	vi.resetModules();
	classes.clear();
	stored = installStorage();
	vi.stubGlobal('matchMedia', () => ({ matches: prefersDark }));
	const toggle = (name: string, is: boolean) => (is ? classes.add(name) : classes.delete(name));
	vi.stubGlobal('document', { documentElement: { classList: { toggle } } });
});

afterEach(() => vi.unstubAllGlobals());

async function load() {
	return (await import('#lib/appearance.svelte.ts')).appearance;
}

test('without a choice, it is as the device', async () => {
	expect((await load()).value).toBe('system');
});

test('a choice is applied and remembered, and can be given up', async () => {
	prefersDark = false;
	(await load()).set('dark');
	expect(classes).toContain('dark');
	expect(stored.get('theme')).toBe('dark');

	vi.resetModules();
	const later = await load();
	expect(later.value).toBe('dark');
	later.set('system');
	expect(classes).not.toContain('dark');
	expect(stored.has('theme')).toBe(false);
});

test('a stored value that is none of them is as the device', async () => {
	stored.set('theme', 'sepia');
	expect((await load()).value).toBe('system');
});

/** What a click on a link does: its page's code is loaded first, and a failure leaves the open page as it is. */

import { beforeEach, expect, test, vi } from 'vitest';
import { routePreloader } from '#lib/route_preloader.svelte.ts';

type Guard = (navigation: object) => void;

const router = vi.hoisted(() => ({
	guards: [] as Guard[],
	goto: vi.fn(async () => {}),
	preloadCode: vi.fn(async () => {}),
	check: vi.fn(async () => false)
}));
vi.mock('$app/navigation', () => ({
	beforeNavigate: (guard: Guard) => router.guards.push(guard),
	goto: router.goto,
	preloadCode: router.preloadCode
}));
vi.mock('$app/state', () => ({ updated: { check: router.check } }));

const assign = vi.fn();
const EPISODES = new URL('https://app.example/dashboard');
const EPISODE = new URL('https://app.example/dashboard/podcast/7');
let isPlaying = false;

beforeEach(() => {
	vi.clearAllMocks();
	vi.stubGlobal('location', { assign });
	isPlaying = false;
	routePreloader.unavailableUrl = null;
	routePreloader.isOutdated = false;
	if (!router.guards.length) routePreloader.guardNavigation('/dashboard', () => isPlaying);
});

/** Follow a link from the list of episodes. Returns the function that the router offers to cancel it. */
async function follow(url: URL, routeId: string) {
	const cancel = vi.fn();
	const from = { url: EPISODES, route: { id: '/dashboard' } };
	const to = { url, route: { id: routeId } };
	for (const guard of router.guards) guard({ type: 'link', willUnload: false, from, to, cancel });
	await vi.waitFor(() => expect(cancel).toHaveBeenCalled());
	return cancel;
}

test('a link to the open page loads nothing', async () => {
	await follow(EPISODES, '/dashboard');

	expect(router.goto).toHaveBeenCalledExactlyOnceWith(EPISODES, { replace: true });
	expect(router.preloadCode).not.toHaveBeenCalled();
});

test.each([
	[false, true],
	[true, true],
	[true, false]
])(
	'a page whose code is gone: newer version %s, playing %s',
	async (isNewer: boolean, playing: boolean) => {
		isPlaying = playing;
		router.preloadCode.mockRejectedValueOnce(new Error('404'));
		router.check.mockResolvedValueOnce(isNewer);
		await follow(EPISODE, '/dashboard/podcast/[id]');
		await vi.waitFor(() =>
			expect(routePreloader.unavailableUrl ?? assign.mock.lastCall).toBeTruthy()
		);

		expect(routePreloader.isOutdated).toBe(isNewer);
		expect(router.goto).not.toHaveBeenCalled();
		expect(assign.mock.calls).toEqual(isNewer && !playing ? [[EPISODE]] : []);
		expect(routePreloader.unavailableUrl).toBe(isNewer && !playing ? null : EPISODE);
	}
);

test.each([true, false])(
	'a page whose code fails twice needs a reload: playing %s',
	async (playing: boolean) => {
		isPlaying = playing;
		const schedule = new URL('https://app.example/dashboard/schedule');
		for (const needsReload of [false, true]) {
			router.preloadCode.mockRejectedValueOnce(new Error('failed before'));
			await follow(schedule, `/dashboard/schedule/${playing}`);
			await vi.waitFor(() => expect(router.check).toHaveBeenCalledTimes(needsReload ? 2 : 1));
			await vi.waitFor(() => expect(routePreloader.needsReload).toBe(needsReload));
		}

		expect(routePreloader.isOutdated).toBe(false);
		expect(assign.mock.calls).toEqual(playing ? [] : [[schedule]]);
	}
);

test('a page is opened after its code, which is loaded by its route', async () => {
	await follow(EPISODE, '/dashboard/podcast/[id]');
	await vi.waitFor(() => expect(router.goto).toHaveBeenCalledExactlyOnceWith(EPISODE));

	expect(router.preloadCode).toHaveBeenCalledExactlyOnceWith('/dashboard/podcast/[id]');
});

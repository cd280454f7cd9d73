import { beforeEach, describe, expect, test } from 'vitest';
import { PendingOrders } from '#lib/features/episode/order/pending_orders.ts';
import { playbackPositions } from '#lib/features/episode/player/playback_positions.svelte.ts';
import { playbackSpeed } from '#lib/features/episode/player/playback_speed.ts';
import { scope } from '#lib/listener_scope.svelte.ts';
import { browserStorage } from '#lib/rollout/storage.ts';
import { storage } from '#lib/storage.ts';
import { installStorage } from './fake_storage';

const ORDER = { key: 'k', body: { minutes: 5 }, sentAt: Date.now(), isUnanswered: false };

const startOf = (id: string) => playbackPositions.start({ id });

beforeEach(() => scope.setListener('ada'));

describe.each(['blocked', 'throwing', 'full'] as const)('storage that is %s', (behavior) => {
	test('behaves like empty storage', () => {
		installStorage(behavior);

		expect(storage.write('a', 'b')).toBe(false);
		expect(storage.read('a')).toBeNull();
		expect(storage.keys('')).toEqual([]);
		storage.remove('a');
		playbackPositions.save('e', 60, 300);
		scope.setListener('eve');
		scope.setListener('ada');
		expect(startOf('e')).toBe(0);
		expect(playbackSpeed.read()).toBe(1);
		browserStorage.save({ bucket: 3 });
		expect(browserStorage.read()).toEqual({});
	});

	test('still keeps an order in memory', () => {
		installStorage(behavior);
		const orders = new PendingOrders('ada');
		orders.save(ORDER);

		expect(orders.all()).toEqual([ORDER]);
	});
});

test.each(['{', 'null', '7', '[]', '"x"', '{"rollout":{}}', '[["e"]]', '[[1,2]]', '[null]', 'NaN'])(
	'%j in storage is ignored',
	(garbage) => {
		scope.setListener(null);
		installStorage('whole', {
			'audiobrew.heard.ada': garbage,
			'audiobrew.positions.ada': garbage,
			'audiobrew.speed': garbage,
			'audiobrew.rollout': garbage,
			'audiobrew.order.ada.k': garbage
		});
		scope.setListener('ada');

		expect(startOf('e')).toBe(0);
		expect(playbackSpeed.read()).toBe(1);
		expect(browserStorage.read()).toEqual({});
		expect(new PendingOrders('ada').all()).toEqual([]);
	}
);

test('positions and orders of one listener are invisible to another', () => {
	installStorage('whole', { 'audiobrew.heard': '[["e",90]]' });
	new PendingOrders('ada').save(ORDER);
	expect(startOf('e')).toBe(0);
	playbackPositions.save('e', 60, 300);
	scope.setListener('eve');

	expect(startOf('e')).toBe(0);
	expect(new PendingOrders('eve').all()).toEqual([]);
	scope.setListener('ada');
	expect(startOf('e')).toBe(60);
	expect(new PendingOrders('ada').all()).toEqual([ORDER]);
});

test('positions of an older version are used until there is a later one', () => {
	scope.setListener(null);
	installStorage('whole', { 'audiobrew.heard.ada': '[["e",90]]' });
	scope.setListener('ada');

	expect(startOf('e')).toBe(90);
	playbackPositions.save('f', 10, 300);
	scope.setListener('eve');
	scope.setListener('ada');
	expect([startOf('e'), startOf('f')]).toEqual([90, 10]);
});

test('an expired order is not returned', () => {
	installStorage();
	new PendingOrders('ada').save({ ...ORDER, sentAt: Date.now() - 90_000_000 });

	expect(new PendingOrders('ada').all()).toEqual([]);
});

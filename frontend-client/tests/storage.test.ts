import { beforeEach, describe, expect, test } from 'vitest';
import { PendingOrders } from '$lib/features/episode/order/pending_orders';
import { positions } from '$lib/features/episode/player/playback_positions';
import { speed } from '$lib/features/episode/player/playback_speed';
import { scope } from '$lib/listener_scope.svelte';
import { inBrowser } from '$lib/rollout/storage';
import { storage } from '$lib/storage';
import { useStorage } from './fake_storage';

const ORDER = { key: 'k', body: { minutes: 5 }, sentAt: Date.now(), isUnanswered: false };

beforeEach(() => scope.become('ada'));

describe.each(['blocked', 'throwing', 'full'] as const)('a storage that is %s', (way) => {
	test('is as one that is empty', () => {
		useStorage(way);

		expect(storage.write('a', 'b')).toBe(false);
		expect(storage.read('a')).toBeNull();
		expect(storage.keys('')).toEqual([]);
		storage.remove('a');
		positions.keep('e', 60, 300);
		expect(positions.of('e')).toBe(0);
		speed.keep(2);
		expect(speed.read()).toBe(1);
		inBrowser.keep({ bucket: 3 });
		expect(inBrowser.read()).toEqual({});
	});

	test('still keeps an order for this visit', () => {
		useStorage(way);
		const orders = new PendingOrders('ada');
		orders.keep(ORDER);

		expect(orders.all()).toEqual([ORDER]);
	});
});

test.each(['{', 'null', '7', '[]', '"x"', '{"rollout":{}}', '[["e"]]', '[[1,2]]', '[null]', 'NaN'])(
	'%j in storage breaks nothing',
	(garbage) => {
		useStorage('whole', {
			'audiobrew.heard.ada': garbage,
			'audiobrew.speed': garbage,
			'audiobrew.rollout': garbage,
			'audiobrew.order.ada.k': garbage
		});

		expect(positions.of('e')).toBe(0);
		expect(speed.read()).toBe(1);
		expect(inBrowser.read()).toEqual({});
		expect(new PendingOrders('ada').all()).toEqual([]);
	}
);

test('what one listener heard and ordered is nothing to another', () => {
	useStorage('whole', { 'audiobrew.heard': '[["e",90]]' });
	new PendingOrders('ada').keep(ORDER);
	expect(positions.of('e')).toBe(0);
	positions.keep('e', 60, 300);
	scope.become('eve');

	expect(positions.of('e')).toBe(0);
	expect(new PendingOrders('eve').all()).toEqual([]);
	scope.become('ada');
	expect(positions.of('e')).toBe(60);
	expect(new PendingOrders('ada').all()).toEqual([ORDER]);
});

test('an order that is too old is not sent any more', () => {
	useStorage();
	new PendingOrders('ada').keep({ ...ORDER, sentAt: Date.now() - 90_000_000 });

	expect(new PendingOrders('ada').all()).toEqual([]);
});

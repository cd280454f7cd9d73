import { describe, expect, test } from 'vitest';
import { parseRange, respondWithRange } from '../src/service-worker/byte_range.ts';

describe('parseRange', () => {
	test.each([
		['bytes=0-', [0, 99]],
		['bytes=10-19', [10, 19]],
		['bytes=90-500', [90, 99]],
		['bytes=-10', [90, 99]],
		['bytes=-500', [0, 99]],
		['bytes=99-', [99, 99]]
	])('%s is a part of 100 bytes', (header, bounds) => {
		expect(parseRange(header, 100)).toEqual(bounds);
	});

	test.each([
		'bytes=100-',
		'bytes=20-10',
		'bytes=-',
		'bytes=a-b',
		'bytes=0-1,5-6',
		'items=0-1',
		''
	])('%s is none', (header) => expect(parseRange(header, 100)).toBeNull());
});

describe('respondWithRange', () => {
	const file = new Blob(['0123456789']);

	test('a player gets the part that it asks for', async () => {
		const response = respondWithRange(file, 'audio/mpeg', 'bytes=3-5');

		expect(response.status).toBe(206);
		expect(response.headers.get('Content-Range')).toBe('bytes 3-5/10');
		expect(response.headers.get('Content-Length')).toBe('3');
		expect(response.headers.get('Content-Type')).toBe('audio/mpeg');
		expect(await response.text()).toBe('345');
	});

	test('without a range it gets the whole file', async () => {
		const response = respondWithRange(file, 'audio/mpeg', null);

		expect(response.status).toBe(200);
		expect(response.headers.get('Accept-Ranges')).toBe('bytes');
		expect(await response.text()).toBe('0123456789');
	});

	test('a part that does not exist is refused', () => {
		const response = respondWithRange(file, 'audio/mpeg', 'bytes=10-');

		expect(response.status).toBe(416);
		expect(response.headers.get('Content-Range')).toBe('bytes */10');
	});
});

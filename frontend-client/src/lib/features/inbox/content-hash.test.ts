import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { hashContent } from './content-hash';

const MIB = 2 ** 20;

describe('the hash of a file', () => {
	afterEach(() => vi.unstubAllGlobals());

	it('is that of its first and last four megabytes', async () => {
		const bytes = new Uint8Array(10 * MIB).map((_, index) => index % 251);
		const ends = [bytes.subarray(0, 4 * MIB), bytes.subarray(6 * MIB)];
		const expected = createHash('sha256').update(ends[0]!).update(ends[1]!).digest('hex');
		expect(await hashContent(new Blob([bytes]))).toBe(expected);
		bytes[5 * MIB] = 255;
		expect(await hashContent(new Blob([bytes]))).toBe(expected);
		bytes[9 * MIB] = 255;
		expect(await hashContent(new Blob([bytes]))).not.toBe(expected);
	});

	it('has all of a small file twice', async () => {
		const expected = createHash('sha256').update('mailmail').digest('hex');
		expect(await hashContent(new Blob(['mail']))).toBe(expected);
	});

	it('is missing where the browser computes none', async () => {
		vi.stubGlobal('crypto', {});
		expect(await hashContent(new Blob(['mail']))).toBeNull();
	});
});

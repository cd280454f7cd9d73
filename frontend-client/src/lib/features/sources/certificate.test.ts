import { expect, test } from 'vitest';
import { formatFingerprint } from './certificate';

test('a fingerprint is shown as other programs show it', () => {
	expect(formatFingerprint('9f2c00ab')).toBe('9F:2C:00:AB');
	expect(formatFingerprint('')).toBe('');
});

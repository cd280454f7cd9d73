import { expect, test } from 'vitest';
import { failureMessage, isCapFailure } from './failure_messages';

test('a limit is asked for by the type of the problem, whatever its sentence says', () => {
	expect(isCapFailure('/problems/cap-reached')).toBe(true);
	expect(isCapFailure('/problems/price-unknown')).toBe(true);
	expect(isCapFailure('/problems/nothing-to-brew')).toBe(false);
	expect(isCapFailure(null)).toBe(false);
});

test('a known type has a sentence of the app, any other one of the backend', () => {
	expect(failureMessage('/problems/cap-reached', 'Anything.')).toMatch(/^Stopped at your limit/);
	expect(failureMessage('/problems/new', 'The cap of a bottle.')).toBe('The cap of a bottle.');
	expect(failureMessage(null, null)).toBeNull();
});

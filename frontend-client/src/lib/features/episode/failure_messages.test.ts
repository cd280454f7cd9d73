import { expect, test } from 'vitest';
import { failureMessage, isCapFailure } from './failure_messages';

test('the problem type decides whether a cap was reached', () => {
	expect(isCapFailure('/problems/cap-reached')).toBe(true);
	expect(isCapFailure('/problems/price-unknown')).toBe(true);
	expect(isCapFailure('/problems/nothing-to-brew')).toBe(false);
	expect(isCapFailure(null)).toBe(false);
});

test('known types have a message of the app, others the backend’s', () => {
	expect(failureMessage('/problems/cap-reached', 'Anything.')).toMatch(
		/^Stopped at your spending limit/
	);
	expect(failureMessage('/problems/new', 'The cap of a bottle.')).toBe('The cap of a bottle.');
	expect(failureMessage(null, null)).toBeNull();
});

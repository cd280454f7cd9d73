import { expect, test } from 'vitest';
import { sentenceFor, stoppedByCap } from './failure_messages';

test('a limit is asked for by the type of the problem, whatever its sentence says', () => {
	expect(stoppedByCap('/problems/cap-reached')).toBe(true);
	expect(stoppedByCap('/problems/price-unknown')).toBe(true);
	expect(stoppedByCap('/problems/nothing-to-brew')).toBe(false);
	expect(stoppedByCap(null)).toBe(false);
});

test('a known type has a sentence of the app, any other one of the backend', () => {
	expect(sentenceFor('/problems/cap-reached', 'Anything.')).toMatch(/^Stopped at your limit/);
	expect(sentenceFor('/problems/new', 'The cap of a bottle.')).toBe('The cap of a bottle.');
	expect(sentenceFor(null, null)).toBeNull();
});

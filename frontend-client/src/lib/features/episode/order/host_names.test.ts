import { expect, test } from 'vitest';
import { hostNameFields, hostNames } from './host_names';

test('every host has a field', () => {
	expect(hostNameFields()).toEqual(['', '']);
	expect(hostNameFields(['Ada'])).toEqual(['Ada', '']);
	expect(hostNameFields(['', 'Ben'])).toEqual(['', 'Ben']);
});

test('names are sent if a host has one', () => {
	expect(hostNames(['', ' '])).toEqual([]);
	expect(hostNames([' Ada ', ''])).toEqual(['Ada', '']);
	expect(hostNames(['', 'Ben'])).toEqual(['', 'Ben']);
});

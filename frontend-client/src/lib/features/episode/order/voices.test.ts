import { expect, test } from 'vitest';
import { describeVoices, missingVoices } from './voices';

const ENGLISH = { language: 'en', first: 'Heart', second: 'Michael', note: '' };
const GERMAN = { language: 'de', first: 'Pico', second: null, note: 'Pico is not installed' };

test('the voices of one language are a sentence', () => {
	expect(describeVoices({ voices: [ENGLISH] })).toBe('Spoken by Heart and Michael.');
});

test('each of several languages has its own sentence', () => {
	expect(describeVoices({ voices: [ENGLISH, GERMAN] })).toBe(
		'English: Heart and Michael. German: Pico.'
	);
});

test.each([
	['Pico', 'Spoken by Heart and Pico.'],
	['Heart', 'Spoken by Heart as both hosts.'],
	['Heart, lower', 'Spoken by Heart as both hosts (the second one lower).'],
	[null, 'Spoken by Heart.']
])('the second host has the voice %j', (second, sentence) => {
	expect(describeVoices({ voices: [{ ...ENGLISH, second }] })).toBe(sentence);
});

test('a missing voice is named once', () => {
	const english = { ...ENGLISH, note: 'hibari is not installed; Pico is not installed' };
	expect(missingVoices({ voices: [english, GERMAN, { ...GERMAN, language: 'fr' }] })).toEqual([
		'hibari is not installed',
		'Pico is not installed'
	]);
	expect(describeVoices({ voices: [] })).toBe('');
});

import { expect, test } from 'vitest';
import { directionOf } from './direction';

test.each([
	['ar', 'rtl'],
	['he', 'rtl'],
	['fa-IR', 'rtl'],
	['UR', 'rtl'],
	['en', 'ltr'],
	['arn', 'ltr'],
	['', 'ltr']
])('%s is written %s', (language, direction) => {
	expect(directionOf(language)).toBe(direction);
});

import { expect, test } from 'vitest';
import { codeIn } from '$lib/sign_in';

test.each([
	'http://127.0.0.1:8000/dashboard#code=Ab3_-xYz12',
	'#code=Ab3_-xYz12',
	'code=Ab3_-xYz12',
	' Ab3_-xYz12 '
])('%j holds a code', (pasted) => {
	expect(codeIn(pasted)).toBe('Ab3_-xYz12');
});

test.each(['', 'http://127.0.0.1:8000/dashboard', '#', 'two words', '<script>'])(
	'%j holds none',
	(pasted) => {
		expect(codeIn(pasted)).toBeNull();
	}
);

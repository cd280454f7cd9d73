import { expect, test } from 'vitest';
import { parseOAuthReturn } from './oauth_return';

test('a consent is parsed', () => {
	expect(parseOAuthReturn('#gmail_code=4%2F0a&gmail_state=s')).toEqual({
		code: '4/0a',
		state: 's'
	});
});

test('a refusal is parsed', () => {
	expect(parseOAuthReturn('#gmail_error=access_denied')).toEqual({ error: 'access_denied' });
});

test.each(['', '#', '#code=abc', '#gmail_code=a', '#gmail_state=b'])(
	'%j has no parameters',
	(text) => {
		expect(parseOAuthReturn(text)).toBeNull();
	}
);

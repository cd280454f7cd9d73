import { expect, test } from 'vitest';
import { webHost } from './links';

test.each(['https://example.org/a?b=c#d', 'http://example.org'])('%s leads to the web', (url) => {
	expect(webHost(url)).toBe('example.org');
});

test.each([
	'javascript:alert(1)',
	' JavaScript:alert(1)',
	'java\nscript:alert(1)',
	'data:text/html,<script>alert(1)</script>',
	'mailto:a@example.org',
	'file:///etc/passwd',
	'//example.org',
	'/relative',
	''
])('%j is not opened', (url) => {
	expect(webHost(url)).toBeNull();
});

test('an internationalized host is shown in ASCII', () => {
	expect(webHost('https://аpple.com')).toBe('xn--pple-43d.com');
});

import { expect, test } from 'vitest';
import { isLocalOnly } from './podcast_apps';

test.each([
	'http://127.0.0.1:8000/feed/x/rss.xml',
	'http://localhost/feed',
	'http://[::1]:8000/feed'
])('%s can be reached from this computer only', (address) => {
	expect(isLocalOnly(address)).toBe(true);
});

test.each(['https://audiobrew.example/feed/x/rss.xml', 'http://127.example.org/feed'])(
	'%s can be reached from elsewhere',
	(address) => {
		expect(isLocalOnly(address)).toBe(false);
	}
);

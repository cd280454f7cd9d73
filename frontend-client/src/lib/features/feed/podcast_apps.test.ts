import { describe, expect, test } from 'vitest';
import { APPS, feedInFragment, obstacle, phonePage, reachOf, type Reach } from './podcast_apps';

const FEED = 'https://brew.example.org/feed/Zk3d_9-abcDEF/rss.xml';

test.each<[string, Reach]>([
	['http://127.0.0.1:8000/feed/x/rss.xml', 'computer'],
	['http://localhost/feed', 'computer'],
	['http://[::1]:8000/feed', 'computer'],
	['http://192.168.1.20:8000/feed', 'network'],
	['https://nas/feed', 'network'],
	['https://nas.local/feed', 'network'],
	['http://172.20.0.3/feed', 'network'],
	['https://100.101.2.3/feed', 'network'],
	['https://[fd12:3456::1]/feed', 'network'],
	['http://brew.example.org/feed', 'network'],
	['https://brew.example.org/feed', 'everywhere'],
	['https://brew.tail1234.ts.net/feed', 'everywhere'],
	['https://172.32.0.3/feed', 'everywhere'],
	['https://127.example.org/feed', 'everywhere'],
	['https://10.example.org/feed', 'everywhere']
])('%s can be loaded from: %s', (feed, reach) => {
	expect(reachOf(feed)).toBe(reach);
});

test.each([
	['Apple Podcasts', 'podcast://brew.example.org/feed/Zk3d_9-abcDEF/rss.xml'],
	[
		'Overcast',
		'overcast://x-callback-url/add?url=https%3A%2F%2Fbrew.example.org%2Ffeed%2FZk3d_9-abcDEF%2Frss.xml'
	],
	['Pocket Casts', 'pktc://subscribe/brew.example.org/feed/Zk3d_9-abcDEF/rss.xml'],
	['Castro', 'castros://subscribe/brew.example.org/feed/Zk3d_9-abcDEF/rss.xml'],
	['AntennaPod', 'antennapod-subscribe://brew.example.org/feed/Zk3d_9-abcDEF/rss.xml'],
	['Podcast Addict', 'podcastaddict://brew.example.org/feed/Zk3d_9-abcDEF/rss.xml']
])('%s opens the feed', (name, link) => {
	expect(APPS.find((app) => app.name === name)!.link(FEED)).toBe(link);
});

test('in the network at home, only apps that load feeds themselves work', () => {
	const working = APPS.filter((app) => !obstacle(app, 'network')).map(({ name }) => name);

	expect(working).toEqual(['AntennaPod', 'Podcast Addict']);
	expect(APPS.every((app) => obstacle(app, 'computer'))).toBe(true);
	expect(APPS.some((app) => obstacle(app, 'everywhere'))).toBe(false);
});

describe('the page for the phone', () => {
	const origins = ['https://brew.example.org'];

	test('gets the feed in its fragment', () => {
		const page = new URL(phonePage(FEED, 'https://brew.example.org', ''));
		expect(page.pathname + page.search).toBe('/listen');
		expect(feedInFragment(page.hash, origins)).toBe(FEED);
	});

	test.each([
		['http://nas.local:8000', '', 'https://brew.example.org'],
		['https://app.example', 'https://brew.example.org', 'https://app.example']
	])('is where a phone finds it: %s with the API at "%s"', (appOrigin, apiBase, origin) => {
		expect(new URL(phonePage(FEED, appOrigin, apiBase)).origin).toBe(origin);
	});

	test.each([
		'',
		'#',
		'#%',
		'#https%3A%2F%2Fevil.example%2Ffeed%2FZk3d_9-abcDEF%2Frss.xml',
		'#https%3A%2F%2Fbrew.example.org%2Fapi%2Fsession',
		'#javascript%3Aalert(1)',
		`#${encodeURIComponent(`${FEED}?next=x`)}`
	])('opens nothing else: %j', (fragment) => {
		expect(feedInFragment(fragment, origins)).toBeNull();
	});
});

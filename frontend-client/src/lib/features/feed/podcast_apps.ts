/** Podcast apps that accept a private feed link: how to open the link in them, and whom they need to reach. */

export type PodcastApp = {
	name: string;
	devices: string;
	/** Where to paste the link, for people who do not use the button. */
	where: string;
	/** Whether the app's own servers load the feed, instead of the device. */
	hasServers: boolean;
	/** The address that opens a feed in the app. */
	link: (feed: string) => string;
};

/** `https://host/path` as `scheme://host/path`. */
const withScheme = (scheme: string) => (feed: string) => feed.replace(/^https?:\/\//, scheme);

export const APPS: PodcastApp[] = [
	{
		name: 'Apple Podcasts',
		devices: 'iPhone, iPad, Mac',
		where: 'Library, then “Follow a Show by URL”',
		hasServers: true,
		link: withScheme('podcast://')
	},
	{
		name: 'Overcast',
		devices: 'iPhone, iPad',
		where: 'Add Podcast, then “Add URL”',
		hasServers: true,
		link: (feed) => `overcast://x-callback-url/add?url=${encodeURIComponent(feed)}`
	},
	{
		name: 'Pocket Casts',
		devices: 'iPhone, Android',
		where: 'Paste it into the search field',
		hasServers: true,
		link: withScheme('pktc://subscribe/')
	},
	{
		name: 'Castro',
		devices: 'iPhone',
		where: 'Search, then paste it',
		hasServers: true,
		link: withScheme('castros://subscribe/')
	},
	{
		name: 'AntennaPod',
		devices: 'Android',
		where: 'Add podcast, then “Add podcast by RSS address”',
		hasServers: false,
		link: withScheme('antennapod-subscribe://')
	},
	{
		name: 'Podcast Addict',
		devices: 'Android',
		where: 'Add podcast, then “RSS feed”',
		hasServers: false,
		link: withScheme('podcastaddict://')
	}
];

/** From where a feed can be loaded: this computer, the network at home, or everywhere. */
export type Reach = 'computer' | 'network' | 'everywhere';

const IPV4 = /^\d+(\.\d+){3}$/;
const PRIVATE_IPV4 =
	/^(10|192\.168|169\.254|172\.(1[6-9]|2\d|3[01])|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./;
const PRIVATE_IPV6 = /^\[f[cde]/;
const HOME_NAME = /\.(local|lan|home|internal|home\.arpa)$|^[^.:[\]]+$/;

export function reachOf(feed: string): Reach {
	const { hostname, protocol } = new URL(feed);
	const isIPv4 = IPV4.test(hostname);
	if (hostname === 'localhost' || hostname === '[::1]' || (isIPv4 && hostname.startsWith('127.')))
		return 'computer';
	const isHome = isIPv4
		? PRIVATE_IPV4.test(hostname)
		: PRIVATE_IPV6.test(hostname) || HOME_NAME.test(hostname);
	return isHome || protocol === 'http:' ? 'network' : 'everywhere';
}

/** Why an app cannot play a feed; null if it can. */
export function obstacle(app: PodcastApp, reach: Reach): string | null {
	if (reach === 'everywhere' || (reach === 'network' && !app.hasServers)) return null;
	return reach === 'network'
		? 'Needs an https address on the internet: its own servers load the feed.'
		: 'Cannot reach this computer.';
}

/**
 * The page with buttons for a phone, which the QR code opens. Fragments stay in the browser.
 *
 * Where one server has the app and the API (`apiBase` is empty), a phone may not know the name by which this
 * browser calls it, so the page is at the feed's address.
 */
export function phonePage(feed: string, appOrigin: string, apiBase: string): string {
	const origin = apiBase ? appOrigin : new URL(feed).origin;
	return `${origin}/listen#${encodeURIComponent(feed)}`;
}

/** The feed link in the fragment of that page; null if it is not one of this AudioBrew (`origins`). */
export function feedInFragment(fragment: string, origins: string[]): string | null {
	try {
		const url = new URL(decodeURIComponent(fragment.replace(/^#/, '')));
		const isFeed = /^\/feed\/[\w-]{10,200}\/rss\.xml$/.test(url.pathname);
		return isFeed && origins.includes(url.origin) && !url.search ? url.href : null;
	} catch {
		return null;
	}
}

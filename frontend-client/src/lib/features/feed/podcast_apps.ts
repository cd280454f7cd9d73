/** Podcast apps that accept a private feed link, and where to paste it. */

export const APPS = [
	{ name: 'Apple Podcasts', where: 'Library, then “Follow a Show by URL”' },
	{ name: 'Overcast', where: 'Add Podcast, then “Add URL”' },
	{ name: 'Pocket Casts', where: 'Paste it into the search field' },
	{ name: 'AntennaPod', where: 'Add podcast, then “Add podcast by RSS address”' }
] as const;

/** Whether only this computer can reach the URL. */
export function isLocalOnly(address: string): boolean {
	const { hostname } = new URL(address);
	return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}

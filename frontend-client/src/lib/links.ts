/** Links in emails: always shown, but only web links can be opened. */

/** The host of a web address, or null for anything else (`javascript:`, `data:`, `mailto:` …). */
export function webHost(url: string): string | null {
	const parsed = URL.parse(url);
	return parsed && ['http:', 'https:'].includes(parsed.protocol) ? parsed.host : null;
}

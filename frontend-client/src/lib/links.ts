/** Links that came in a mail: shown, and opened only when they lead to the web. */

/** The host of a web address, or null for anything that is not one (`javascript:`, `data:`, `mailto:` …). */
export function webHost(url: string): string | null {
	const parsed = URL.parse(url);
	return parsed && ['http:', 'https:'].includes(parsed.protocol) ? parsed.host : null;
}

/** A fingerprint in pairs of digits, as programs show it: `9F:2C:…`. */
export function formatFingerprint(sha256: string): string {
	return (sha256.toUpperCase().match(/../g) ?? []).join(':');
}

/** The names of the two hosts in forms. */

/** Names for two fields; a host without a name has an empty one. */
export function hostNameFields(names: readonly string[] = []): [string, string] {
	return [names[0] ?? '', names[1] ?? ''];
}

/** The names to send: none if every host is without one. */
export function hostNames(fields: readonly string[]): string[] {
	const names = fields.map((name) => name.trim());
	return names.some(Boolean) ? names : [];
}

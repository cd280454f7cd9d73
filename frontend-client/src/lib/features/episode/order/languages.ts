/** The English names of languages, in order. */

const names = new Intl.DisplayNames('en', { type: 'language' });

export const nameLanguages = (codes: string[]) =>
	codes
		.map((code) => ({ code, name: names.of(code) ?? code }))
		.sort((a, b) => a.name.localeCompare(b.name));

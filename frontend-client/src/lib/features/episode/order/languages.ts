/** Languages that an episode can be in, with their English names. */

const CODES = 'ar cs da de el en es fi fr hi hu id it ja ko nl no pl pt ro ru sv tr uk vi zh';
const names = new Intl.DisplayNames('en', { type: 'language' });

export const LANGUAGES = CODES.split(' ')
	.map((code) => ({ code, name: names.of(code) ?? code }))
	.sort((a, b) => a.name.localeCompare(b.name));

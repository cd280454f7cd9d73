/** The writing direction of languages. */

const RIGHT_TO_LEFT = [
	'ar',
	'arc',
	'ckb',
	'dv',
	'fa',
	'he',
	'iw',
	'ku',
	'ps',
	'sd',
	'ug',
	'ur',
	'yi'
];

/** `language` is an ISO 639-1 code, with or without a region. */
export function directionOf(language: string): 'ltr' | 'rtl' {
	return RIGHT_TO_LEFT.includes(language.toLowerCase().split('-')[0]!) ? 'rtl' : 'ltr';
}

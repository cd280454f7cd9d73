/** While the app is built: every page asks for the font at once, not when its styles are read. */

import font from '@fontsource-variable/newsreader/files/newsreader-latin-wght-normal.woff2?url';
import type { Handle } from '@sveltejs/kit';

export const handle: Handle = ({ event, resolve }) =>
	resolve(event, { transformPageChunk: ({ html }) => html.replace('%audiobrew.font%', font) });

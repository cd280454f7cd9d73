/** Build step: preload the font from every page instead of waiting for its stylesheet. */

import font from '@fontsource-variable/newsreader/files/newsreader-latin-wght-normal.woff2?url';
import type { Handle } from '@sveltejs/kit/hooks';

export const handle: Handle = ({ event, resolve }) =>
	resolve(event, { transformPageChunk: ({ html }) => html.replace('%audiobrew.font%', font) });

/** vercel.json as Vercel's own code reads it: its validity and its routes. */

import { readFileSync } from 'node:fs';
import {
	getTransformedRoutes,
	headersSchema,
	rewritesSchema,
	trailingSlashSchema
} from '@vercel/routing-utils';
import Ajv from 'ajv';
import { describe, expect, test } from 'vitest';
import { config, destination, headersOf } from './edge/rules';

const RAILWAY = 'https://audiobrew-api.up.railway.app';
const VERCEL = 'https://audiobrew-api.vercel.app';
const isValid = new Ajv({ unknownFormats: 'ignore' }).compile({
	type: 'object',
	properties: {
		rewrites: rewritesSchema,
		headers: headersSchema,
		trailingSlash: trailingSlashSchema
	}
});
test('Vercel accepts the file and would reject a typo', () => {
	expect([isValid(config), isValid.errors]).toEqual([true, null]);
	expect(isValid({ rewrites: [{ source: '/a', destinaton: '/b' }] })).toBe(false);
	expect(getTransformedRoutes(config).error).toBeNull();
});

test('the vercel side’s API is a project of its own with one function', () => {
	const own = JSON.parse(
		readFileSync(new URL('../../deploy/vercel/vercel.json', import.meta.url), 'utf8')
	);

	expect([isValid(own), getTransformedRoutes(own).error]).toEqual([true, null]);
	expect(own.rewrites).toEqual([{ source: '/(.*)', destination: '/api/index' }]);
	expect(Object.keys(own.functions)).toEqual(['api/index.py']);
});

describe('rewrites', () => {
	test.each([
		['/api/podcast/list', `${RAILWAY}/api/podcast/list`],
		['/api/auth/gmail/callback', `${RAILWAY}/api/auth/gmail/callback`],
		['/feed/3q2-7w/rss.xml', `${RAILWAY}/feed/3q2-7w/rss.xml`],
		['/feed/3q2-7w/b7f1.mp3', `${RAILWAY}/feed/3q2-7w/b7f1.mp3`],
		['/health', `${RAILWAY}/health`]
	])('%s goes to the API', (path, there) => {
		expect(destination(path)).toBe(there);
		const cookies = { audiobrew_side: 'vercel' };
		expect(destination(path, { cookies: { audiobrew_side: 'railway' } })).toBe(there);
		expect(destination(path, { cookies })).toBe(there.replace(RAILWAY, VERCEL));
	});

	test.each([
		['railway', 'vercel', RAILWAY],
		['vercel', 'railway', VERCEL],
		['vercel', '', VERCEL],
		['somewhere', '', RAILWAY]
	])('a header with %s has priority over a cookie with %s', (header, cookie, there) => {
		const facts = {
			headers: { 'x-audiobrew-side': header },
			cookies: { audiobrew_side: cookie }
		};
		expect(destination('/api/podcast/list', facts)).toBe(`${there}/api/podcast/list`);
	});

	test.each(['/dashboard', '/dashboard/podcast/7b0e', '/dashboard/apps', '/feedback', '/healthy'])(
		'%s is a page of the app',
		(path) => {
			expect(destination(path)).toBe('/200.html');
			expect(destination(path, { cookies: { audiobrew_side: 'vercel' } })).toBe('/200.html');
		}
	);

	test.each(['/_app/immutable/gone.js', '/favicon.svg', '/theme.js', '/manifest.webmanifest'])(
		'%s is a file or missing, never a page',
		(path) => {
			expect(destination(path)).toBeNull();
		}
	);
});

describe('headers', () => {
	test('files with a hash in their name are cached without limit, pages are not', () => {
		expect(headersOf('/_app/immutable/a.js')['Cache-Control']).toContain('immutable');
		expect(headersOf('/dashboard')).not.toHaveProperty('Cache-Control');
	});

	test.each([
		['/api/podcast/list', 'private, no-store'],
		['/service-worker.js', 'no-cache'],
		['/sw.js', 'no-cache']
	])('%s is never served from a cache', (path, cacheControl) => {
		expect(headersOf(path)['Cache-Control']).toBe(cacheControl);
	});

	test('the service worker may load the app’s own files only', () => {
		expect(headersOf('/service-worker.js')['Content-Security-Policy']).toBe(
			"default-src 'none'; connect-src 'self'; frame-ancestors 'none'"
		);
	});

	test.each(['/', '/dashboard', '/_app/immutable/a.js'])(
		'%s cannot be framed or sniffed',
		(path) => {
			expect(headersOf(path)).toMatchObject({
				'Content-Security-Policy': "frame-ancestors 'none'",
				'X-Content-Type-Options': 'nosniff',
				'Referrer-Policy': 'no-referrer'
			});
		}
	);
});

/** vercel.json, read by Vercel's own code: what it accepts, and where it sends whom. */

import { readFileSync } from 'node:fs';
import {
	getTransformedRoutes,
	headersSchema,
	rewritesSchema,
	trailingSlashSchema,
	type Route
} from '@vercel/routing-utils';
import Ajv from 'ajv';
import { describe, expect, test } from 'vitest';

const FILE = new URL('../../vercel.json', import.meta.url);
const RAILWAY = 'https://audiobrew-api.up.railway.app';
const VERCEL = 'https://audiobrew-api.vercel.app';
const config = JSON.parse(readFileSync(FILE, 'utf8'));
const accepts = new Ajv({ unknownFormats: 'ignore' }).compile({
	type: 'object',
	properties: {
		rewrites: rewritesSchema,
		headers: headersSchema,
		trailingSlash: trailingSlashSchema
	}
});
const routes = getTransformedRoutes(config).routes as Exclude<Route, { handle: string }>[];

/** Where a path that is no file goes, or null when it is left to the files alone. */
function destination(path: string, cookies: Record<string, string> = {}): string | null {
	for (const route of routes.filter(({ src, dest }) => src && dest)) {
		if (route.has?.some((one) => one.type !== 'cookie' || cookies[one.key] !== one.value)) continue;
		const found = new RegExp(route.src!).exec(path);
		if (found) return fill(route.dest!, found);
	}
	return null;
}

function fill(address: string, found: RegExpExecArray): string {
	const named = address.split('?')[0]!; // Vercel repeats the parts of the path as a query
	return named.replace(/\$(\w+)/g, (_, name) => found.groups?.[name] ?? found[Number(name)] ?? '');
}

function headersOf(path: string): Record<string, string> {
	const fitting = routes.filter(({ src, headers }) => headers && new RegExp(src!).test(path));
	return Object.assign({}, ...fitting.map(({ headers }) => headers));
}

test('Vercel accepts it, and would refuse a slip of the pen', () => {
	expect([accepts(config), accepts.errors]).toEqual([true, null]);
	expect(accepts({ rewrites: [{ source: '/a', destinaton: '/b' }] })).toBe(false);
	expect(getTransformedRoutes(config).error).toBeNull();
});

describe('rewrites', () => {
	test.each([
		['/api/podcast/list', `${RAILWAY}/api/podcast/list`],
		['/api/auth/gmail/callback', `${RAILWAY}/api/auth/gmail/callback`],
		['/feed/3q2-7w/rss.xml', `${RAILWAY}/feed/3q2-7w/rss.xml`],
		['/feed/3q2-7w/b7f1.mp3', `${RAILWAY}/feed/3q2-7w/b7f1.mp3`],
		['/health', `${RAILWAY}/health`]
	])('%s is answered by the API', (path, there) => {
		expect(destination(path)).toBe(there);
		expect(destination(path, { audiobrew_side: 'railway' })).toBe(there);
		expect(destination(path, { audiobrew_side: 'vercel' })).toBe(there.replace(RAILWAY, VERCEL));
	});

	test.each(['/dashboard', '/dashboard/podcast/7b0e', '/dashboard/apps', '/feedback', '/healthy'])(
		'%s is a page of the app',
		(path) => {
			expect(destination(path)).toBe('/200.html');
			expect(destination(path, { audiobrew_side: 'vercel' })).toBe('/200.html');
		}
	);

	test.each(['/_app/immutable/gone.js', '/favicon.svg', '/theme.js'])(
		'%s is a file or is missing, never a page',
		(path) => {
			expect(destination(path)).toBeNull();
		}
	);
});

describe('headers', () => {
	test('what has a hash in its name is kept for ever, pages are not', () => {
		expect(headersOf('/_app/immutable/a.js')['Cache-Control']).toContain('immutable');
		expect(headersOf('/dashboard')).not.toHaveProperty('Cache-Control');
	});

	test.each([
		['/api/podcast/list', 'private, no-store'],
		['/service-worker.js', 'no-cache'],
		['/sw.js', 'no-cache']
	])('%s is never answered from a cache', (path, told) => {
		expect(headersOf(path)['Cache-Control']).toBe(told);
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

/** The rules of vercel.json, transformed by Vercel's own code and applied to one request at a time. */

import { readFileSync } from 'node:fs';
import { getTransformedRoutes, type Route } from '@vercel/routing-utils';

const FILE = new URL('../../../vercel.json', import.meta.url);
export const config = JSON.parse(readFileSync(FILE, 'utf8'));
const routes = getTransformedRoutes(config).routes as Exclude<Route, { handle: string }>[];

/** The parts of a request that the rules use. Header names are lower case. */
export type Asked = { cookies?: Record<string, string>; headers?: Record<string, unknown> };
type Condition = NonNullable<(typeof routes)[number]['has']>[number];

/** The destination of a path that is not a file; null if only files may match. */
export function destination(path: string, asked: Asked = {}): string | null {
	for (const route of routes.filter(({ src, dest }) => src && dest)) {
		if (route.has?.some((one) => !holds(one, asked))) continue;
		if (route.missing?.some((one) => holds(one, asked))) continue;
		const found = new RegExp(route.src!).exec(path);
		if (found) return fill(route.dest!, found);
	}
	return null;
}

function holds(condition: Condition, { cookies = {}, headers = {} }: Asked): boolean {
	if (condition.type === 'cookie') return cookies[condition.key] === condition.value;
	if (condition.type === 'header') return headers[condition.key] === condition.value;
	throw new Error(`this edge knows no ${condition.type}`);
}

function fill(address: string, found: RegExpExecArray): string {
	const named = address.split('?')[0]!; // Vercel repeats the parts of the path as a query
	return named.replace(/\$(\w+)/g, (_, name) => found.groups?.[name] ?? found[Number(name)] ?? '');
}

export function headersOf(path: string): Record<string, string> {
	const fitting = routes.filter(({ src, headers }) => headers && new RegExp(src!).test(path));
	return Object.assign({}, ...fitting.map(({ headers }) => headers));
}

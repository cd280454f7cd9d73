/** The rules of vercel.json, transformed by Vercel's own code and applied to one request at a time. */

import { readFileSync } from 'node:fs';
import { getTransformedRoutes, type Route } from '@vercel/routing-utils';

const FILE = new URL('../../../vercel.json', import.meta.url);
export const config = JSON.parse(readFileSync(FILE, 'utf8'));
const routes = getTransformedRoutes(config).routes as Exclude<Route, { handle: string }>[];

/** The parts of a request that the rules use. Header names are lower case. */
export type RequestFacts = { cookies?: Record<string, string>; headers?: Record<string, unknown> };
type Condition = NonNullable<(typeof routes)[number]['has']>[number];

/** The destination of a path that is not a file; null if only files may match. */
export function destination(path: string, facts: RequestFacts = {}): string | null {
	for (const route of routes.filter(({ src, dest }) => src && dest)) {
		if (route.has?.some((one) => !matches(one, facts))) continue;
		if (route.missing?.some((one) => matches(one, facts))) continue;
		const match = new RegExp(route.src!).exec(path);
		if (match) return fill(route.dest!, match);
	}
	return null;
}

function matches(condition: Condition, { cookies = {}, headers = {} }: RequestFacts): boolean {
	if (condition.type === 'cookie') return cookies[condition.key] === condition.value;
	if (condition.type === 'header') return headers[condition.key] === condition.value;
	throw new Error(`this edge knows no ${condition.type}`);
}

function fill(address: string, match: RegExpExecArray): string {
	const path = address.split('?')[0]!; // Vercel repeats the parts of the path as a query
	return path.replace(/\$(\w+)/g, (_, name) => match.groups?.[name] ?? match[Number(name)] ?? '');
}

export function headersOf(path: string): Record<string, string> {
	const matching = routes.filter(({ src, headers }) => headers && new RegExp(src!).test(path));
	return Object.assign({}, ...matching.map(({ headers }) => headers));
}

/**
 * Vercel's edge on loopback: serves the build's files and applies vercel.json's rewrites to local sides.
 *
 *     node tests/edge/server.ts LOG railway=http://127.0.0.1:8001 vercel=http://127.0.0.1:8002
 *
 * It prints its address and writes a JSON line for each request to LOG. Standard input takes a routing rule
 * of the project: the address for all requests under /api, or an empty line for no rule.
 */

import { appendFileSync, createReadStream, existsSync, statSync } from 'node:fs';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { destination, headersOf } from './rules.ts';

const BUILD = fileURLToPath(new URL('../../build', import.meta.url));
const [log = '', ...sideArguments] = process.argv.slice(2);
const sides = Object.fromEntries(sideArguments.map((one) => one.split('='))) as Record<
	string,
	string
>;
/** The side of each host named in vercel.json. */
const HOSTS: Record<string, string> = {
	'audiobrew-api.up.railway.app': 'railway',
	'audiobrew-api.vercel.app': 'vercel'
};
const TYPES: Record<string, string> = {
	'.html': 'text/html; charset=utf-8',
	'.js': 'text/javascript',
	'.css': 'text/css',
	'.svg': 'image/svg+xml',
	'.json': 'application/json',
	'.webmanifest': 'application/manifest+json'
};
let rule = '';

createInterface({ input: process.stdin })
	.on('line', (line) => console.log(`rule ${(rule = line.trim()) || 'none'}`))
	.on('close', () => process.exit());

createServer((incoming, response) => {
	const { pathname } = new URL(incoming.url!, 'http://edge');
	for (const [name, value] of Object.entries(headersOf(pathname))) response.setHeader(name, value);
	if (rule && pathname.startsWith('/api/')) return forward(incoming, response, rule, 'rule');
	const file = fileOf(pathname);
	if (file) return sendFile(response, file);
	const cookies = Object.fromEntries(
		(incoming.headers.cookie ?? '').split('; ').map((one) => one.split('=') as [string, string])
	);
	const to = destination(pathname, { cookies, headers: incoming.headers });
	if (!to) return void response.writeHead(404).end();
	if (to.startsWith('/')) return sendFile(response, join(BUILD, to));
	const side = HOSTS[new URL(to).host]!;
	forward(incoming, response, sides[side]!, side);
}).listen(0, '127.0.0.1', function (this: { address: () => unknown }) {
	console.log(`http://127.0.0.1:${(this.address() as AddressInfo).port}`);
});

function fileOf(path: string): string | null {
	const name = join(BUILD, normalize(decodeURIComponent(path)));
	const file = [name, join(name, 'index.html')].find(
		(one) => existsSync(one) && statSync(one).isFile()
	);
	return file ?? null;
}

function sendFile(response: ServerResponse, file: string) {
	response.setHeader('Content-Type', TYPES[extname(file)] ?? 'application/octet-stream');
	createReadStream(file).pipe(response);
}

/** Forward the request unchanged; a side that does not respond is a 502, as on Vercel. */
function forward(
	incoming: IncomingMessage,
	response: ServerResponse,
	origin: string,
	side: string
) {
	const there = new URL(incoming.url!, origin);
	const { method } = incoming;
	const headers = {
		...incoming.headers,
		host: there.host,
		'x-forwarded-host': incoming.headers.host
	};
	const record = (status: number | 'cut' | 'left') =>
		appendFileSync(log, `${JSON.stringify({ side, method, path: there.pathname, status })}\n`);
	const agent = false; // a side may close an idle connection just when it is used again
	const outgoing = request(there, { method, headers, agent }, (upstream) => {
		record(upstream.statusCode!);
		response.writeHead(upstream.statusCode!, { ...upstream.headers });
		upstream.on('error', () => (record(response.destroyed ? 'left' : 'cut'), response.destroy()));
		upstream.pipe(response);
	});
	outgoing.on('error', () => {
		if (response.headersSent) return;
		record(response.destroyed ? 'left' : 502);
		response.writeHead(502, { 'x-vercel-error': 'ROUTER_EXTERNAL_TARGET_CONNECTION_ERROR' }).end();
	});
	response.on('close', () => outgoing.destroy());
	incoming.pipe(outgoing);
}

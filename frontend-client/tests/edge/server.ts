/**
 * Vercel's edge on loopback: the build's files, and vercel.json's rewrites to wherever a side runs here.
 *
 *     node tests/edge/server.ts LOG railway=http://127.0.0.1:8001 vercel=http://127.0.0.1:8002
 *
 * It prints its address, writes one JSON line a request into LOG, and takes a project-level routing rule
 * on its standard input: an address that everything under /api goes to, or an empty line for none.
 */

import { appendFileSync, createReadStream, existsSync, statSync } from 'node:fs';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { destination, headersOf } from './rules.ts';

const BUILD = fileURLToPath(new URL('../../build', import.meta.url));
const [log = '', ...told] = process.argv.slice(2);
const sides = Object.fromEntries(told.map((one) => one.split('='))) as Record<string, string>;
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

createServer((asked, answer) => {
	const { pathname } = new URL(asked.url!, 'http://edge');
	for (const [name, value] of Object.entries(headersOf(pathname))) answer.setHeader(name, value);
	if (rule && pathname.startsWith('/api/')) return forward(asked, answer, rule, 'rule');
	const file = fileOf(pathname);
	if (file) return sendFile(answer, file);
	const cookies = Object.fromEntries(
		(asked.headers.cookie ?? '').split('; ').map((one) => one.split('=') as [string, string])
	);
	const to = destination(pathname, { cookies, headers: asked.headers });
	if (!to) return void answer.writeHead(404).end();
	if (to.startsWith('/')) return sendFile(answer, join(BUILD, to));
	const side = HOSTS[new URL(to).host]!;
	forward(asked, answer, sides[side]!, side);
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

function sendFile(answer: ServerResponse, file: string) {
	answer.setHeader('Content-Type', TYPES[extname(file)] ?? 'application/octet-stream');
	createReadStream(file).pipe(answer);
}

/** Forward the request unchanged; a side that does not respond is a 502, as on Vercel. */
function forward(asked: IncomingMessage, answer: ServerResponse, origin: string, side: string) {
	const there = new URL(asked.url!, origin);
	const { method } = asked;
	const headers = { ...asked.headers, host: there.host, 'x-forwarded-host': asked.headers.host };
	const tell = (status: number | 'cut' | 'left') =>
		appendFileSync(log, `${JSON.stringify({ side, method, path: there.pathname, status })}\n`);
	const agent = false; // a side may close an idle connection just when it is used again
	const onward = request(there, { method, headers, agent }, (came) => {
		tell(came.statusCode!);
		answer.writeHead(came.statusCode!, { ...came.headers });
		came.on('error', () => (tell(answer.destroyed ? 'left' : 'cut'), answer.destroy()));
		came.pipe(answer);
	});
	onward.on('error', () => {
		if (answer.headersSent) return;
		tell(answer.destroyed ? 'left' : 502);
		answer.writeHead(502, { 'x-vercel-error': 'ROUTER_EXTERNAL_TARGET_CONNECTION_ERROR' }).end();
	});
	answer.on('close', () => onward.destroy());
	asked.pipe(onward);
}

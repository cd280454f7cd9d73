/** A server on loopback for the app's real backend module. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { client } from '#lib/api/client.gen.ts';
import '#lib/backend.ts';

export type ReceivedRequest = { path: string; headers: IncomingMessage['headers']; body: string };

/** Respond with `reply`. Returns the received requests and a function that closes the server. */
export async function startServer(
	reply: (response: ServerResponse, requests: ReceivedRequest[]) => void
) {
	const requests: ReceivedRequest[] = [];
	const server = createServer((request, response) => {
		let body = '';
		request.setEncoding('utf8').on('data', (piece) => (body += piece));
		request.on('end', () => {
			requests.push({ path: request.url ?? '', headers: request.headers, body });
			reply(response, requests);
		});
	});
	await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
	const { port } = server.address() as AddressInfo;
	client.setConfig({ baseUrl: `http://127.0.0.1:${port}` });
	return { requests, close: () => (server.closeAllConnections(), server.close()) };
}

export function json(response: ServerResponse, status: number, body: object) {
	response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

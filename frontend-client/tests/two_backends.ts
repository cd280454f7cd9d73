/** Two small servers on loopback that stand for the two sides, and a browser's memory of them. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Kept } from '$lib/rollout/storage';
import { Sides } from '$lib/rollout/backend_router';
import type { Rollout, Side } from '$lib/rollout/side';

type Way = 'well' | 'failing' | 'failing writes' | 'dead' | 'silent';

/** One side: `way` is how it is, `asked` what it was asked. */
class Server {
	way: Way = 'well';
	asked: string[] = [];
	bodies: string[] = [];
	rollout: Rollout | null;
	url = '';
	#server = createServer((request, response) => void this.#answer(request, response));

	constructor(rollout: Rollout | null) {
		this.rollout = rollout;
	}

	async listen() {
		await new Promise<void>((ready) => this.#server.listen(0, '127.0.0.1', ready));
		this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
		return this;
	}

	close() {
		this.#server.closeAllConnections();
		this.#server.close();
	}

	async #answer(request: IncomingMessage, response: ServerResponse) {
		const side = request.headers['x-audiobrew-side'];
		this.asked.push(`${request.method} ${request.url}${side ? ` ${side}` : ''}`);
		let body = '';
		for await (const piece of request) body += piece;
		this.bodies.push(body);
		if (this.way === 'dead') return request.socket.destroy();
		if (this.way === 'silent') return;
		if (request.url!.endsWith('/events')) return response.writeHead(200).write(': still here\n\n');
		const write = this.way === 'failing writes' && request.method !== 'GET';
		const status = this.way === 'failing' || write ? 502 : 200;
		response.writeHead(status, { 'Content-Type': 'application/json' });
		response.end(JSON.stringify({ rollout: this.rollout }));
	}
}

/** Both sides, one listener's app, and what it keeps from one visit to the next. */
export class Place {
	kept: Kept = {};
	marks: (Side | null)[] = [];
	now = 0;
	listener: string | null = 'ada';
	here = 'http://127.0.0.1:1';
	readonly railway: Server;
	readonly vercel: Server;

	constructor(railway: Server, vercel: Server) {
		this.railway = railway;
		this.vercel = vercel;
	}

	static async made(rollout: Rollout | null): Promise<Place> {
		return new Place(await new Server(rollout).listen(), await new Server(rollout).listen());
	}

	/** The app as it is opened anew. */
	visit(): Sides {
		return new Sides({
			here: this.here,
			bases: { railway: this.railway.url, vercel: this.vercel.url },
			send: fetch,
			listener: () => this.listener,
			memory: {
				read: () => structuredClone(this.kept),
				keep: (kept) => (this.kept = kept),
				mark: (side) => this.marks.push(side)
			},
			now: () => this.now
		});
	}

	/** Both servers' `rollout`, from now on. */
	tell(rollout: Rollout | null) {
		this.railway.rollout = this.vercel.rollout = rollout;
	}

	request(path: string, how?: RequestInit) {
		return new Request(this.railway.url + path, how);
	}

	/** Forget what was asked until now. */
	quiet() {
		this.railway.asked = [];
		this.vercel.asked = [];
	}

	close() {
		this.railway.close();
		this.vercel.close();
	}
}

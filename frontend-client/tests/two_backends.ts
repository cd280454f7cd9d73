/** Two servers on loopback that stand for the two sides, and a browser's storage. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RolloutState } from '#lib/rollout/storage.ts';
import { BackendRouter } from '#lib/rollout/backend_router.ts';
import type { Rollout, Side } from '#lib/rollout/side.ts';

type Behavior = 'well' | 'failing' | 'failing writes' | 'dead' | 'silent';

/** One side: `behavior` says how it responds, `requests` lists what it received. */
class Server {
	behavior: Behavior = 'well';
	requests: string[] = [];
	bodies: string[] = [];
	rollout: Rollout | null;
	url = '';
	#server = createServer((request, response) => void this.#unwrap(request, response));

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

	async #unwrap(request: IncomingMessage, response: ServerResponse) {
		const side = request.headers['x-audiobrew-side'];
		this.requests.push(`${request.method} ${request.url}${side ? ` ${side}` : ''}`);
		let body = '';
		for await (const piece of request) body += piece;
		this.bodies.push(body);
		if (this.behavior === 'dead') return request.socket.destroy();
		if (this.behavior === 'silent') return;
		if (request.url!.endsWith('/events')) return response.writeHead(200).write(': still here\n\n');
		const write = this.behavior === 'failing writes' && request.method !== 'GET';
		const status = this.behavior === 'failing' || write ? 502 : 200;
		response.writeHead(status, { 'Content-Type': 'application/json' });
		response.end(JSON.stringify({ rollout: this.rollout }));
	}
}

/** Both sides, one listener's app, and what it stores between visits. */
export class TwoBackends {
	state: RolloutState = {};
	cookies: (Side | null)[] = [];
	now = 0;
	listener: string | null = 'ada';
	appOrigin = 'http://127.0.0.1:1';
	readonly railway: Server;
	readonly vercel: Server;

	constructor(railway: Server, vercel: Server) {
		this.railway = railway;
		this.vercel = vercel;
	}

	static async start(rollout: Rollout | null): Promise<TwoBackends> {
		return new TwoBackends(await new Server(rollout).listen(), await new Server(rollout).listen());
	}

	/** Open the app as a new page. */
	visit(): BackendRouter {
		return new BackendRouter({
			appOrigin: this.appOrigin,
			bases: { railway: this.railway.url, vercel: this.vercel.url },
			send: fetch,
			listener: () => this.listener,
			storage: {
				read: () => structuredClone(this.state),
				save: (state) => (this.state = state),
				setSideCookie: (side) => this.cookies.push(side)
			},
			now: () => this.now
		});
	}

	/** Set the `rollout` of both servers. */
	setRollout(rollout: Rollout | null) {
		this.railway.rollout = this.vercel.rollout = rollout;
	}

	request(path: string, init?: RequestInit) {
		return new Request(this.railway.url + path, init);
	}

	/** Forget the requests received so far. */
	clearRequests() {
		this.railway.requests = [];
		this.vercel.requests = [];
	}

	close() {
		this.railway.close();
		this.vercel.close();
	}
}

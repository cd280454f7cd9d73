/**
 * Many listeners in one process, with the app's own router, in front of an edge server.
 *
 *     node tests/edge/listeners.ts EDGE '[{"id": "…", "token": "…"}]'
 *
 * Each listener repeatedly lists and plays episodes. The line `order NAME FROM TO` on standard input makes
 * those listeners upload an email, order an episode of it (twice, as after a lost response) and follow it
 * to its end. Every request prints a JSON line: what it was, whether it `failed`, and when it began and
 * ended. The router's clock runs ten times as fast, so that a drill does not wait for minutes.
 */

import { createInterface } from 'node:readline';
import type { RolloutState } from '../../src/lib/rollout/storage.ts';
import { BackendRouter } from '../../src/lib/rollout/backend_router.ts';

type Who = { id: string; token: string };
type Outcome = { failed?: string; body?: any }; // eslint-disable-line @typescript-eslint/no-explicit-any

const [edge = '', people = '[]'] = process.argv.slice(2);
const PAUSE = 1500;
const CLOCK_SPEED = 10;
const pause = () => new Promise((soon) => setTimeout(soon, PAUSE));
let isEnding = false;

class Listener {
	#who: Who;
	#state: RolloutState = {};
	#cookie = '';
	#router: BackendRouter;

	constructor(who: Who) {
		this.#who = who;
		this.#router = new BackendRouter({
			appOrigin: edge,
			bases: { railway: edge, vercel: edge },
			send: (request) =>
				fetch(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(300_000)]) }),
			listener: () => who.id,
			storage: {
				read: () => this.#state,
				save: (state) => (this.#state = state),
				setSideCookie: (side) => (this.#cookie = `audiobrew_side=${side ?? ''}`)
			},
			now: () => performance.now() * CLOCK_SPEED
		});
	}

	/** List episodes and play the newest one until the drill ends. */
	async run() {
		await this.#report('config', () => this.#request('/api/config'));
		while (!isEnding) {
			const list = await this.#report('list', () => this.#request('/api/podcast/list'));
			const ready = list.body?.find((one: { status: string }) => one.status === 'ready');
			if (ready) await this.#report('audio', () => this.#play(ready.id, ready.audio_url));
			await pause();
		}
	}

	async order(name: string) {
		const form = new FormData();
		form.append(
			'file',
			new File([mail(this.#who.id, name)], `${name}.eml`, { type: 'message/rfc822' })
		);
		const sent = await this.#report('send a mail', () =>
			this.#request('/api/mail', { method: 'POST', body: form })
		);
		const id = sent.body?.mails?.[0]?.id;
		if (!id) return;
		const order = {
			method: 'POST',
			body: JSON.stringify({ email_ids: [id], minutes: 1 }),
			headers: { 'Content-Type': 'application/json', 'Idempotency-Key': name }
		};
		const first = await this.#report('order', () => this.#request('/api/podcast/generate', order));
		const second = await this.#report('order again', () =>
			this.#request('/api/podcast/generate', order)
		);
		const ids = [first.body?.id, second.body?.id];
		console.log(JSON.stringify({ ordered: name, who: this.#who.id, ids }));
		if (first.body) await this.#follow(first.body.id);
	}

	/** Follow a brew as the app does: reopen interrupted streams while the brew continues. */
	async #follow(id: string) {
		for (;;) {
			const opened = await this.#report('follow', () =>
				this.#request(`/api/podcast/${id}/events`, {}, true)
			);
			const text = await (opened.body as Response | undefined)?.text().catch(() => '');
			if (text?.includes('"event":"end"') || text?.includes('"event": "end"')) return;
			const now = await this.#report('episode', () => this.#request(`/api/podcast/${id}`));
			if (['ready', 'failed', 'cancelled'].includes(now.body?.status)) return;
			await pause();
		}
	}

	async #request(path: string, init: RequestInit = {}, stream = false): Promise<Outcome> {
		const headers = new Headers(init.headers);
		headers.set('Authorization', `Bearer ${this.#who.token}`);
		const response = await this.#router.send(new Request(edge + path, { ...init, headers }));
		if (!response.ok)
			return { failed: `${response.status} ${(await response.text()).slice(0, 200)}` };
		return { body: stream ? response : await response.json() };
	}

	/** Request audio as an audio element does, with only the cookie; the player renews the URL once. */
	async #play(id: string, address: string, renewed = false): Promise<Outcome> {
		const response = await fetch(edge + address, {
			headers: { cookie: this.#cookie, range: 'bytes=0-2' }
		}).catch(() => null);
		if (response?.ok && (await response.text()) === 'ID3') return {};
		if (renewed) return { failed: `${response?.status ?? 'nothing came'}` };
		const fresh = await this.#request(`/api/podcast/${id}`);
		return fresh.failed ? fresh : this.#play(id, fresh.body.audio_url, true);
	}

	async #report(what: string, act: () => Promise<Outcome>): Promise<Outcome> {
		const began = Date.now();
		const outcome = await act().catch((error: unknown) => ({ failed: String(error) }));
		const { failed } = outcome;
		console.log(JSON.stringify({ what, who: this.#who.id, failed, began, ended: Date.now() }));
		return outcome;
	}
}

function mail(who: string, name: string): string {
	const number = Math.floor(Math.random() * 9000) + 1000;
	return [
		'From: The Roast <hello@roast.example>',
		`Subject: ${name} for ${who.slice(0, 8)}`,
		'Date: Mon, 23 Nov 2026 07:30:00 +0000',
		'List-Id: The Roast <roast.example>',
		'Content-Type: text/plain; charset=utf-8',
		'',
		`The harbour of Bergen counted ${number} visitors on one morning, more than on any morning before.`,
		'',
		`The library of Cork found ${number + 7} letters behind a wall, and every one of them was still sealed.`,
		''
	].join('\r\n');
}

const listeners = (JSON.parse(people) as Who[]).map((who) => new Listener(who));
const runs = listeners.map((one) => one.run());
const orders: Promise<void>[] = [];

createInterface({ input: process.stdin })
	.on('line', (line) => {
		const [, name = '', from, to] = line.split(' ');
		const chosen = listeners.slice(Number(from), Number(to));
		orders.push(...chosen.map((one) => one.order(name)));
	})
	.on('close', async () => {
		await Promise.all(orders);
		isEnding = true;
		await Promise.all(runs);
		process.exit();
	});

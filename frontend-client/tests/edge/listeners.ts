/**
 * Listeners as the app makes them, many in one process: its own way of choosing a side, in front of an edge.
 *
 *     node tests/edge/listeners.ts EDGE '[{"id": "…", "token": "…"}]'
 *
 * Each lists and listens again and again. A line on the standard input, `order NAME FROM TO`, has those
 * send in a mail, order an episode of it (twice, as after an answer that was lost) and follow it to its
 * end. Every request is a JSON line: what, whether it `failed`, and when it began and ended. Time passes
 * ten times as fast for what the app remembers, so that a drill need not wait for minutes.
 */

import { createInterface } from 'node:readline';
import type { RolloutState } from '../../src/lib/rollout/storage.ts';
import { BackendRouter } from '../../src/lib/rollout/backend_router.ts';

type Who = { id: string; token: string };
type Outcome = { failed?: string; body?: any }; // eslint-disable-line @typescript-eslint/no-explicit-any

const [edge = '', people = '[]'] = process.argv.slice(2);
const PAUSE = 1500;
const FASTER = 10;
const pause = () => new Promise((soon) => setTimeout(soon, PAUSE));
let leaving = false;

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
			now: () => performance.now() * FASTER
		});
	}

	/** List episodes and play the newest one until the drill ends. */
	async live() {
		await this.#tell('config', () => this.#ask('/api/config'));
		while (!leaving) {
			const list = await this.#tell('list', () => this.#ask('/api/podcast/list'));
			const ready = list.body?.find((one: { status: string }) => one.status === 'ready');
			if (ready) await this.#tell('audio', () => this.#hear(ready.id, ready.audio_url));
			await pause();
		}
	}

	async order(name: string) {
		const form = new FormData();
		form.append(
			'file',
			new File([mail(this.#who.id, name)], `${name}.eml`, { type: 'message/rfc822' })
		);
		const sent = await this.#tell('send a mail', () =>
			this.#ask('/api/mail', { method: 'POST', body: form })
		);
		const id = sent.body?.mails?.[0]?.id;
		if (!id) return;
		const order = {
			method: 'POST',
			body: JSON.stringify({ email_ids: [id], minutes: 1 }),
			headers: { 'Content-Type': 'application/json', 'Idempotency-Key': name }
		};
		const made = await this.#tell('order', () => this.#ask('/api/podcast/generate', order));
		const again = await this.#tell('order again', () => this.#ask('/api/podcast/generate', order));
		const ids = [made.body?.id, again.body?.id];
		console.log(JSON.stringify({ ordered: name, who: this.#who.id, ids }));
		if (made.body) await this.#follow(made.body.id);
	}

	/** Follow a brew as the app does: reopen interrupted streams while the brew continues. */
	async #follow(id: string) {
		for (;;) {
			const opened = await this.#tell('follow', () =>
				this.#ask(`/api/podcast/${id}/events`, {}, true)
			);
			const text = await (opened.body as Response | undefined)?.text().catch(() => '');
			if (text?.includes('"event":"end"') || text?.includes('"event": "end"')) return;
			const now = await this.#tell('episode', () => this.#ask(`/api/podcast/${id}`));
			if (['ready', 'failed', 'cancelled'].includes(now.body?.status)) return;
			await pause();
		}
	}

	async #ask(path: string, how: RequestInit = {}, stream = false): Promise<Outcome> {
		const headers = new Headers(how.headers);
		headers.set('Authorization', `Bearer ${this.#who.token}`);
		const answer = await this.#router.send(new Request(edge + path, { ...how, headers }));
		if (!answer.ok) return { failed: `${answer.status} ${(await answer.text()).slice(0, 200)}` };
		return { body: stream ? answer : await answer.json() };
	}

	/** Request audio as an audio element does, with only the cookie; the player renews the URL once. */
	async #hear(id: string, address: string, renewed = false): Promise<Outcome> {
		const answer = await fetch(edge + address, {
			headers: { cookie: this.#cookie, range: 'bytes=0-2' }
		}).catch(() => null);
		if (answer?.ok && (await answer.text()) === 'ID3') return {};
		if (renewed) return { failed: `${answer?.status ?? 'nothing came'}` };
		const fresh = await this.#ask(`/api/podcast/${id}`);
		return fresh.failed ? fresh : this.#hear(id, fresh.body.audio_url, true);
	}

	async #tell(what: string, act: () => Promise<Outcome>): Promise<Outcome> {
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
const living = listeners.map((one) => one.live());
const orders: Promise<void>[] = [];

createInterface({ input: process.stdin })
	.on('line', (line) => {
		const [, name = '', from, to] = line.split(' ');
		const chosen = listeners.slice(Number(from), Number(to));
		orders.push(...chosen.map((one) => one.order(name)));
	})
	.on('close', async () => {
		await Promise.all(orders);
		leaving = true;
		await Promise.all(living);
		process.exit();
	});

/** What the next episode should be: kept while the listener looks around. */

import type { AppConfig, AppLimits, BrewRequest, Style } from '$lib/api';
import { answer, getUser } from '$lib/backend';
import { connection } from '$lib/connection.svelte';
import { perListener, scope } from '$lib/listener_scope.svelte';
import { notices } from '$lib/notices.svelte';
import { told, Trouble } from '$lib/api_error';
import { readCap } from '../cap';
import { inbox } from '$lib/features/inbox/inbox.svelte';
import { PendingOrders, type PendingOrder } from './pending_orders';
import { podcast } from '../episodes.svelte';
import { choicesOf } from './order_defaults';

/** So many newsletters can be named in one order. */
const MOST_CHOSEN = 500;

/** Between two attempts to learn what became of an order (milliseconds). */
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;

class Order {
	/** `new`: every newsletter that no episode has told yet. */
	which = $state<'new' | 'chosen'>('new');
	minutes = $state(5);
	hosts = $state<1 | 2>(2);
	style = $state<Style>('briefing');
	/** Of the whole episode; empty: each newsletter keeps its own. */
	language = $state('');
	/** What the episode may cost at most, as typed; empty: whatever this service allows. */
	cap = $state('');
	sending = $state(false);
	/** An order was sent and it is not known yet whether it was taken. No other one is offered meanwhile. */
	settling = $state(false);
	#pending = scope.id ? new PendingOrders(scope.id) : null;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#pause = FIRST_PAUSE;
	#stopRecovery = () => {};
	#resumed = false;
	#started = false;

	readonly #limit = $derived(readCap(this.cap));
	/** Why it cannot be sent as it is, or empty. */
	readonly trouble = $derived.by(() => {
		if (this.#limit.trouble) return `Maximum cost: ${this.#limit.trouble}`;
		const most = this.which === 'chosen' && inbox.chosen.length > MOST_CHOSEN;
		return most ? `Choose at most ${MOST_CHOSEN} newsletters.` : '';
	});
	readonly request: BrewRequest = $derived({
		minutes: this.minutes,
		hosts: this.hosts,
		style: this.style,
		language: this.language || null,
		cap_usd: this.#limit.dollars,
		...(this.which === 'chosen' && { email_ids: inbox.chosen.map(({ id }) => id) })
	});
	readonly empty = $derived(
		this.which === 'chosen' ? !inbox.chosen.length : !inbox.newsletters.length
	);

	/** Once for each listener: what they change, before the answer comes too, stays as they changed it. */
	async startAsPreferred(config: AppConfig): Promise<void> {
		const { id } = scope;
		if (!id || this.#started) return;
		const before = this.#choices();
		const { preferences } = await answer(getUser({ path: { user_id: id } }));
		this.#started = true;
		if (this.#choices() === before) Object.assign(this, choicesOf(preferences, config));
	}

	#choices() {
		return JSON.stringify([this.minutes, this.hosts, this.style, this.language, this.cap]);
	}

	setMinutes(wished: number, limits: AppLimits) {
		const whole = Math.round(wished) || limits.minutes_min;
		this.minutes = Math.min(Math.max(whole, limits.minutes_min), limits.minutes_max);
	}

	/** Order it. Its episode once it is taken; null while that is not known, which settles by itself. */
	async send(): Promise<string | null> {
		if (this.sending || this.settling) return null;
		const body = $state.snapshot(this.request) as BrewRequest;
		const wish = JSON.stringify(body);
		const same = this.#pending
			?.all()
			.find((one) => one.isUnanswered && JSON.stringify(one.body) === wish);
		const order = same ?? {
			key: crypto.randomUUID(),
			body,
			sentAt: Date.now(),
			isUnanswered: false
		};
		this.sending = true;
		try {
			return await this.#ask(order);
		} finally {
			this.sending = false;
		}
	}

	/** After a reload: find out what became of orders whose answer never came. */
	async resume() {
		if (this.#resumed) return;
		this.#resumed = true;
		this.#stopRecovery = connection.onRecovery(() => void this.#settle());
		await this.#settle();
	}

	/** The listener is not here any more. */
	leave() {
		clearTimeout(this.#timer);
		this.#stopRecovery();
	}

	/** Send one order. Throws when it was not taken, for good. */
	async #ask(order: PendingOrder): Promise<string | null> {
		this.#pending?.keep(order);
		try {
			const id = await podcast.brew(order.body, order.key);
			this.#pending?.remove(order.key);
			return id;
		} catch (thrown) {
			if (!isUnknown(thrown)) {
				if (thrown instanceof Trouble) this.#pending?.remove(order.key);
				throw thrown;
			}
			this.#pending?.keep({ ...order, isUnanswered: true });
			this.settling = true;
			this.#again();
			return null;
		}
	}

	/** Ask for every open order again, by its own key. */
	async #settle() {
		clearTimeout(this.#timer);
		if (this.sending) return;
		this.#dropExpired();
		const open = this.#pending?.all() ?? [];
		this.settling = open.length > 0;
		if (!this.settling) return;
		this.sending = true;
		try {
			for (const order of open) {
				if (!(await this.#ask({ ...order, isUnanswered: true }))) return;
				notices.say('Your episode is brewing.');
			}
		} catch (thrown) {
			if (!(thrown instanceof Trouble)) throw thrown;
			notices.say(told(thrown), true);
		} finally {
			this.sending = false;
		}
		this.#pause = FIRST_PAUSE;
		this.settling = false;
		if (this.#pending?.all().length) await this.#settle();
	}

	#dropExpired() {
		const expired = this.#pending?.removeExpired() ?? [];
		if (expired.length) notices.warn(expiredWords(expired));
	}

	#again() {
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => void this.#settle().catch(() => {}), this.#pause);
		this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE);
	}
}

function expiredWords(orders: PendingOrder[]): string {
	const date = new Date(orders.at(-1)!.sentAt).toLocaleDateString('en-GB', {
		weekday: 'long',
		day: 'numeric',
		month: 'long'
	});
	return orders.length === 1
		? `We could not confirm your order from ${date}. Please check your episodes, and brew it again if it is missing.`
		: `We could not confirm ${orders.length} orders, the latest from ${date}. Please check your episodes, and brew again what is missing.`;
}

/**
 * Whether it cannot be known what became of an order: no answer, a server's failure, or a refusal that is
 * not AudioBrew's own. A problem of ours below 500 says that it was not taken.
 */
function isUnknown(thrown: unknown): boolean {
	if (!(thrown instanceof Trouble)) return false;
	const { status, type } = thrown;
	return status === undefined || status >= 500 || type === undefined;
}

export const order = perListener(() => new Order());

/** What the next episode should be: kept while the listener looks around. */

import type { AppConfig, AppLimits, BrewRequest, Podcast, Style } from '$lib/api';
import { answer, getUser } from '$lib/backend';
import { session } from '$lib/session.svelte';
import { Trouble } from '$lib/trouble';
import { readCap } from './cap';
import { inbox } from './inbox.svelte';
import { podcast } from './podcast.svelte';
import { choicesOf } from './preferences';

/** So many newsletters can be named in one order. */
const MOST_CHOSEN = 500;

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
	#key = crypto.randomUUID();
	#sent = '';
	#startedFor: string | null = null;

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
		const id = session.listener?.id;
		if (!id || id === this.#startedFor) return;
		const before = this.#choices();
		const { preferences } = await answer(getUser({ path: { user_id: id } }));
		if (session.listener?.id !== id) return;
		this.#startedFor = id;
		if (this.#choices() === before) Object.assign(this, choicesOf(preferences, config));
	}

	#choices() {
		return JSON.stringify([this.minutes, this.hosts, this.style, this.language, this.cap]);
	}

	setMinutes(wished: number, limits: AppLimits) {
		const whole = Math.round(wished) || limits.minutes_min;
		this.minutes = Math.min(Math.max(whole, limits.minutes_min), limits.minutes_max);
	}

	/** Order it. Sent again after no answer came, the same order is brewed once. */
	async send(): Promise<Podcast> {
		this.sending = true;
		const wish = JSON.stringify(this.request);
		if (wish !== this.#sent) this.#key = crypto.randomUUID();
		this.#sent = wish;
		try {
			const episode = await podcast.brew(this.request, this.#key);
			this.#sent = '';
			return episode;
		} catch (thrown) {
			if (thrown instanceof Trouble && thrown.status) this.#sent = '';
			throw thrown;
		} finally {
			this.sending = false;
		}
	}
}

export const order = new Order();

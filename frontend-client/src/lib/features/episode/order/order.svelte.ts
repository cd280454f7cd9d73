/** The order form's state, kept while the listener visits other pages. */

import type { AppConfig, AppLimits, BrewRequest, HostRoles, ShowStyle } from '#lib/api/index.ts';
import { unwrap, getUser } from '#lib/backend.ts';
import { connection } from '#lib/connection.svelte.ts';
import { perListener, scope } from '#lib/listener_scope.svelte.ts';
import { notices } from '#lib/notices.svelte.ts';
import { ApiError, errorMessage } from '#lib/api_error.ts';
import { parseCap } from '../cap';
import { inbox } from '#lib/features/inbox/inbox.svelte.ts';
import { PendingOrders, type PendingOrder } from './pending_orders';
import { episodes } from '../episodes.svelte';
import { hostNames } from './host_names';
import { orderDefaults } from './order_defaults';

/** The maximum number of newsletters in one order. */
const MAX_SELECTION = 500;

/** Delays between attempts to confirm an order, in milliseconds. */
const FIRST_DELAY = 1_000;
const LONGEST_DELAY = 30_000;

class Order {
	/** `new`: every newsletter that no episode covers yet. */
	source = $state<'new' | 'selection'>('new');
	minutes = $state(5);
	hosts = $state<1 | 2>(2);
	style = $state<ShowStyle>('briefing');
	/** In the listener's words. */
	interests = $state('');
	/** Of the first and the second host, as typed. */
	hostNames = $state<[string, string]>(['', '']);
	/** What two hosts do. */
	hostRoles = $state<HostRoles>('shared');
	/** Whether short sounds separate the stories. */
	sounds = $state(true);
	/** Language of the whole episode; empty keeps the language of each newsletter. */
	language = $state('');
	/** Spending limit as typed; empty for the service's own limit. */
	cap = $state('');
	/** Whether the script waits until the listener has read it. */
	review = $state(false);
	isSending = $state(false);
	/** An order was sent and its outcome is unknown. No other order can be sent meanwhile. */
	isConfirming = $state(false);
	#pending = scope.id ? new PendingOrders(scope.id) : null;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#delay = FIRST_DELAY;
	#stopRecovery = () => {};
	#hasResumed = false;
	#hasDefaults = false;

	readonly #limit = $derived(parseCap(this.cap));
	/** Why the order is invalid, or empty. */
	readonly error = $derived.by(() => {
		if (this.#limit.error) return `Spending limit: ${this.#limit.error}`;
		const isTooLarge = this.source === 'selection' && inbox.selection.length > MAX_SELECTION;
		return isTooLarge ? `Choose at most ${MAX_SELECTION} newsletters.` : '';
	});
	readonly request: BrewRequest = $derived({
		minutes: this.minutes,
		hosts: this.hosts,
		style: this.style,
		language: this.language || null,
		interests: this.interests,
		host_names: hostNames(this.hostNames),
		host_roles: this.hostRoles,
		sounds: this.sounds,
		cap_usd: this.#limit.dollars,
		...(this.review && { review: true }),
		...(this.source === 'selection' && { email_ids: inbox.selection.map(({ id }) => id) })
	});
	readonly isEmpty = $derived(
		this.source === 'selection' ? !inbox.selection.length : !inbox.newsletters.length
	);

	/** Start with the listener's preferences, once. What they changed before the response stays. */
	async applyPreferences(config: AppConfig): Promise<void> {
		const { id } = scope;
		if (!id || this.#hasDefaults) return;
		const before = this.#serializeOptions();
		const { preferences } = await unwrap(getUser({ path: { user_id: id } }));
		this.#hasDefaults = true;
		if (this.#serializeOptions() === before)
			Object.assign(this, orderDefaults(preferences, config));
	}

	#serializeOptions() {
		const { minutes, hosts, style, language, interests, hostNames, cap } = this;
		const show = [style, language, interests, hostNames, this.hostRoles, this.sounds];
		return JSON.stringify([minutes, hosts, ...show, cap]);
	}

	setMinutes(minutes: number, limits: AppLimits) {
		const rounded = Math.round(minutes) || limits.minutes_min;
		this.minutes = Math.min(Math.max(rounded, limits.minutes_min), limits.minutes_max);
	}

	/** While the listener types, what is no possible number yet changes nothing. */
	typeMinutes(minutes: number, limits: AppLimits) {
		const isPossible = minutes >= limits.minutes_min && minutes <= limits.minutes_max;
		if (Number.isInteger(minutes) && isPossible) this.minutes = minutes;
	}

	/**
	 * Send the order. Returns the episode's id, or null while the outcome is unknown; it is then
	 * confirmed in the background.
	 */
	async send(): Promise<string | null> {
		if (this.isSending || this.isConfirming) return null;
		const body = $state.snapshot(this.request) as BrewRequest;
		const serialized = JSON.stringify(body);
		const repeated = this.#pending
			?.all()
			.find((pending) => pending.isUnanswered && JSON.stringify(pending.body) === serialized);
		const order = repeated ?? {
			key: crypto.randomUUID(),
			body,
			sentAt: Date.now(),
			isUnanswered: false
		};
		this.isSending = true;
		try {
			return await this.#submit(order);
		} finally {
			this.isSending = false;
		}
	}

	/** After a reload, confirm orders whose outcome is unknown. */
	async resume() {
		if (this.#hasResumed) return;
		this.#hasResumed = true;
		this.#stopRecovery = connection.onRecovery(() => void this.#confirmPending());
		await this.#confirmPending();
	}

	/** Stop: another listener signed in. */
	dispose() {
		clearTimeout(this.#timer);
		this.#stopRecovery();
	}

	/** Send one order. Raises `ApiError` if it was rejected. */
	async #submit(order: PendingOrder): Promise<string | null> {
		this.#pending?.save(order);
		try {
			const id = await episodes.brew(order.body, order.key);
			this.#pending?.remove(order.key);
			return id;
		} catch (error) {
			if (!isOutcomeUnknown(error)) {
				if (error instanceof ApiError) this.#pending?.remove(order.key);
				throw error;
			}
			this.#pending?.save({ ...order, isUnanswered: true });
			this.isConfirming = true;
			this.#scheduleConfirmation();
			return null;
		}
	}

	/** Send every open order again with its own key. */
	async #confirmPending() {
		clearTimeout(this.#timer);
		if (this.isSending) return;
		this.#dropExpired();
		const open = this.#pending?.all() ?? [];
		this.isConfirming = open.length > 0;
		if (!this.isConfirming) return;
		this.isSending = true;
		try {
			for (const order of open) {
				if (!(await this.#submit({ ...order, isUnanswered: true }))) return;
				notices.show('Your episode is brewing.');
			}
		} catch (error) {
			if (!(error instanceof ApiError)) throw error;
			notices.show(errorMessage(error), true);
		} finally {
			this.isSending = false;
		}
		this.#delay = FIRST_DELAY;
		this.isConfirming = false;
		if (this.#pending?.all().length) await this.#confirmPending();
	}

	#dropExpired() {
		const expired = this.#pending?.removeExpired() ?? [];
		if (expired.length) notices.warn(describeExpired(expired));
	}

	#scheduleConfirmation() {
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => void this.#confirmPending().catch(() => {}), this.#delay);
		this.#delay = Math.min(this.#delay * 2, LONGEST_DELAY);
	}
}

function describeExpired(orders: PendingOrder[]): string {
	const date = new Date(orders.at(-1)!.sentAt).toLocaleDateString('en-GB', {
		weekday: 'long',
		day: 'numeric',
		month: 'long'
	});
	return orders.length === 1
		? `We couldn’t confirm your order from ${date}. Please check your episodes, and brew it again if it’s missing.`
		: `We couldn’t confirm ${orders.length} orders, the latest from ${date}. Please check your episodes, and brew what’s missing again.`;
}

/**
 * Whether an order may have been accepted: there was no response, a server error, or a rejection that
 * is not AudioBrew's own. A problem of AudioBrew below 500 means that it was rejected.
 */
function isOutcomeUnknown(error: unknown): boolean {
	if (!(error instanceof ApiError)) return false;
	const { status, type } = error;
	return status === undefined || status >= 500 || type === undefined;
}

export const order = perListener(() => new Order());

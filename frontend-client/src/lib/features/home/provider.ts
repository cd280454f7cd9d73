/** Sign-in at an OpenID Connect provider: leave for its page, and take up its answer when it sends the browser back. */

import {
	anonymous,
	beginAccountAtProvider,
	beginProviderConnection,
	beginProviderSignIn,
	connectProvider,
	createAccount,
	signInAtProvider,
	unwrap,
	unwrapAnonymous,
	type ProviderSignIn
} from '#lib/backend.ts';
import { errorMessage } from '#lib/api_error.ts';
import { invitation } from '#lib/features/home/invitation.svelte.ts';
import { notices } from '#lib/notices.svelte.ts';
import { session } from '#lib/session.svelte.ts';
import { tabStorage } from '#lib/storage.ts';

/** What this tab left for: to sign in, to open an account by invitation, or to connect the one it is signed in to. */
type Errand = { kind: 'sign-in' | 'connection' } | { kind: 'account'; code: string; name: string };

const KEY = 'audiobrew.provider';
const NOT_SIGNED_IN = 'You were not signed in there. Try again, or sign in another way.';

let answer: { errand: Errand; signIn: ProviderSignIn | null } | null = null;

export async function leaveToSignIn(): Promise<void> {
	const { url } = await unwrapAnonymous(beginProviderSignIn(anonymous));
	leave(url, { kind: 'sign-in' });
}

export async function leaveToOpenAccount(name: string): Promise<void> {
	const code = invitation.code ?? '';
	const body = { code, name };
	const { url } = await unwrapAnonymous(beginAccountAtProvider({ body, ...anonymous }));
	leave(url, { kind: 'account', code, name });
}

export async function leaveToConnect(): Promise<void> {
	const { url } = await unwrap(beginProviderConnection());
	leave(url, { kind: 'connection' });
}

function leave(url: string, errand: Errand) {
	tabStorage.write(KEY, JSON.stringify(errand));
	location.assign(url);
}

/** Take the provider's answer out of the address bar. Parameters that this tab did not ask for are ignored. */
export function readProviderAnswer(): void {
	const query = new URLSearchParams(location.search);
	const [code, state] = [query.get('code'), query.get('state')];
	if (!state || !(code || query.has('error'))) return;
	history.replaceState(history.state, '', location.pathname + location.hash);
	const errand = tabStorage.readJson(KEY, isErrand);
	tabStorage.remove(KEY);
	if (errand) answer = { errand, signIn: code ? { code, state, iss: query.get('iss') } : null };
}

/** Do what this tab left for, once the session of this browser is known. */
export async function finishErrand(): Promise<void> {
	if (!answer) return;
	const { errand, signIn } = answer;
	answer = null;
	if (errand.kind === 'account') invitation.code = errand.code;
	try {
		if (!signIn) throw new Error(NOT_SIGNED_IN);
		await finish(errand, signIn);
	} catch (error) {
		const message = signIn ? errorMessage(error) : NOT_SIGNED_IN;
		if (errand.kind === 'connection') notices.show(message, true);
		else session.error = message;
	}
}

async function finish(errand: Errand, signIn: ProviderSignIn): Promise<void> {
	if (errand.kind === 'connection') {
		await unwrap(connectProvider({ body: signIn }));
		notices.show('Connected. You can sign in this way from now on.');
	} else if (errand.kind === 'account') {
		const body = { code: errand.code, name: errand.name, provider: signIn };
		session.begin(await unwrapAnonymous(createAccount({ body, ...anonymous })));
		invitation.code = null;
	} else {
		session.begin(await unwrapAnonymous(signInAtProvider({ body: signIn, ...anonymous })));
	}
}

function isErrand(value: unknown): value is Errand {
	if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
	if (value.kind === 'sign-in' || value.kind === 'connection') return true;
	return value.kind === 'account' && 'code' in value && 'name' in value;
}

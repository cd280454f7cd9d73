/** Accounts of a server of one's own: opening one, signing in, and the ways to sign in. */

import {
	addPasskey,
	anonymous,
	changePassword,
	createAccount,
	disconnectProvider,
	beginAccountPasskey,
	beginPasskey,
	beginPasskeySignIn,
	getHomeAccount,
	removePasskey,
	signInWithPasskey,
	signInWithPassword,
	signOutBrowser,
	unwrap,
	unwrapAnonymous,
	type HomeAccount
} from '#lib/backend.ts';
import { perListener } from '#lib/listener_scope.svelte.ts';
import { invitation } from '#lib/features/home/invitation.svelte.ts';
import { session } from '#lib/session.svelte.ts';
import { ApiError } from '#lib/api_error.ts';

const CANCELLED = 'The passkey dialog was closed. Try again, or use a password.';
const KNOWN_HERE = 'This device already has a passkey for this account.';

/** Whether this browser can create and use passkeys on this page. */
export function supportsPasskeys(): boolean {
	return window.isSecureContext && 'PublicKeyCredential' in window;
}

/** Open an account with the invitation, by passkey or with a password, and sign in. */
export async function openAccount(name: string, password: string | null): Promise<void> {
	const code = invitation.code ?? '';
	let passkey: Record<string, unknown> | null = null;
	if (password === null) {
		const body = { code, name };
		const { options } = await unwrapAnonymous(beginAccountPasskey({ body, ...anonymous }));
		passkey = await askForNewPasskey(options);
	}
	const body = { code, name, password, passkey };
	session.begin(await unwrapAnonymous(createAccount({ body, ...anonymous })));
	invitation.code = null;
}

export async function signInByPassword(name: string, password: string): Promise<void> {
	session.begin(
		await unwrapAnonymous(signInWithPassword({ body: { name, password }, ...anonymous }))
	);
}

export async function signInByPasskey(): Promise<void> {
	const { options } = await unwrapAnonymous(beginPasskeySignIn(anonymous));
	const { startAuthentication } = await import('@simplewebauthn/browser');
	const passkey = await asked(startAuthentication({ optionsJSON: options as never }));
	session.begin(await unwrapAnonymous(signInWithPasskey({ body: { passkey }, ...anonymous })));
}

async function askForNewPasskey(
	options: Record<string, unknown>
): Promise<Record<string, unknown>> {
	const { startRegistration } = await import('@simplewebauthn/browser');
	return asked(startRegistration({ optionsJSON: options as never }));
}

/** The answer of the browser's passkey dialog, whose errors are written for developers. */
async function asked(answer: Promise<object>): Promise<Record<string, unknown>> {
	try {
		return (await answer) as Record<string, unknown>;
	} catch (error) {
		const isKnown = error instanceof Error && error.name === 'InvalidStateError';
		throw new ApiError(isKnown ? KNOWN_HERE : CANCELLED);
	}
}

/** The listener's account, with the ways to sign in to it. */
class Account {
	value = $state.raw<HomeAccount | null>(null);

	async load() {
		this.value = await unwrap(getHomeAccount());
	}

	/** `null` removes the password. */
	async changePassword(next: string | null, current: string | null) {
		this.value = await unwrap(changePassword({ body: { new: next, current } }));
	}

	async addPasskey() {
		const { options } = await unwrap(beginPasskey());
		const passkey = await askForNewPasskey(options);
		this.value = await unwrap(addPasskey({ body: { passkey } }));
	}

	async removePasskey(id: string) {
		this.value = await unwrap(removePasskey({ path: { id } }));
	}

	async disconnectProvider() {
		this.value = await unwrap(disconnectProvider());
	}

	async signOutBrowser(id: string) {
		this.value = await unwrap(signOutBrowser({ path: { id } }));
	}
}

export const homeAccount = perListener(() => new Account());

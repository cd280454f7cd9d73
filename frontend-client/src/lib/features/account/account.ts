/** Signing out and deleting the account. */

import { unwrap, deleteUser, endSession } from '#lib/backend.ts';
import { session } from '#lib/session.svelte.ts';

const SIGN_IN_PATH = '/dashboard';
const DELETED_PATH = '/dashboard/deleted';

/** Sign out and reload, so that nothing of this listener stays in memory. */
export async function signOut(): Promise<void> {
	await endSession();
	location.assign(SIGN_IN_PATH);
}

/** Delete the account with everything in it. */
export async function deleteAccount(id: string): Promise<void> {
	await unwrap(deleteUser({ path: { user_id: id } }));
	await session.end();
	location.assign(DELETED_PATH);
}

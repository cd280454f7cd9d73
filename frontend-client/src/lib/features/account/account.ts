/** Signing out and deleting the account. */

import { unwrap, deleteUser, endSession } from '#lib/backend.ts';
import { session } from '#lib/session.svelte.ts';

const SIGN_IN_PATH = '/dashboard';
const DELETED_PATH = '/dashboard/deleted';

/** Sign out and reload, so that nothing of this listener stays in memory. */
export async function signOut(): Promise<void> {
	await leave(endSession, SIGN_IN_PATH);
}

/** Delete the account with everything in it. */
export async function deleteAccount(id: string): Promise<void> {
	await unwrap(deleteUser({ path: { user_id: id } }));
	await leave(() => session.end(), DELETED_PATH);
}

/** End the session, then load `path`. No sign-in form is shown meanwhile: its input would be lost. */
async function leave(end: () => Promise<void>, path: string) {
	session.isLeaving = true;
	try {
		await end();
		location.assign(path);
	} catch (error) {
		session.isLeaving = false;
		throw error;
	}
}

/** The listener's own account: left for a while, or for good. */

import { unwrap, deleteUser, endSession } from '$lib/backend';
import { session } from '$lib/session.svelte';

const DOOR = '/dashboard';
const GONE = '/dashboard/deleted';

/** Leave. The page is loaded anew, so that nothing of this listener stays in it. */
export async function signOut(): Promise<void> {
	await endSession();
	location.assign(DOOR);
}

/** Delete everything. Whoever comes back later comes as somebody new. */
export async function deleteAccount(id: string): Promise<void> {
	await unwrap(deleteUser({ path: { user_id: id } }));
	await session.end();
	location.assign(GONE);
}

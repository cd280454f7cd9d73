/**
 * Code that no page needs at first, such as dialogs. It is loaded when it is needed, or once the browser is
 * idle, so that it is there when the connection is lost or a deployment has replaced the files.
 */

const loaders: (() => Promise<unknown>)[] = [];

/** Register code to load late. Returns `load`; calling it again costs nothing. */
export function late<T>(load: () => Promise<T>): () => Promise<T> {
	loaders.push(load);
	return load;
}

/** Load everything that is registered; call this when the browser is idle. */
export async function loadRest() {
	for (const load of loaders) await load().catch(() => {});
}

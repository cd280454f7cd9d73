/** Recognize a file whose upload was interrupted. */

/** Bytes at the beginning and at the end of a file that are compared. */
const HASHED_BYTES = 4 * 2 ** 20;

/** The `content_hash` of an import; null on a page without https, where browsers compute no hashes. */
export async function hashContent(file: Blob): Promise<string | null> {
	if (!globalThis.crypto?.subtle) return null;
	const ends = new Blob([file.slice(0, HASHED_BYTES), file.slice(-HASHED_BYTES)]);
	const digest = await crypto.subtle.digest('SHA-256', await ends.arrayBuffer());
	return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

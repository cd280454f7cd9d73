/**
 * Requests that take as long as their content needs: uploads, and the import of new emails from Gmail,
 * which reads each of them. They get a long time limit and are not repeated on the other side, which
 * would do the same work again.
 */

const GMAIL_IMPORT = '/api/gmail/emails';

export function isSlow(request: Request): boolean {
	const isUpload = request.headers.get('Content-Type')?.startsWith('multipart/') ?? false;
	return isUpload || new URL(request.url).pathname.endsWith(GMAIL_IMPORT);
}

/**
 * Requests that take as long as their content needs: uploads, and the import of new emails from Gmail,
 * which reads each of them. They get a long time limit and are not repeated on the other side, which
 * would do the same work again.
 */

const UPLOAD_TYPES = ['multipart/', 'application/octet-stream'];
const GMAIL_IMPORT = '/api/gmail/emails';

export function isSlow(request: Request): boolean {
	const type = request.headers.get('Content-Type') ?? '';
	const isUpload = UPLOAD_TYPES.some((uploadType) => type.startsWith(uploadType));
	return isUpload || new URL(request.url).pathname.endsWith(GMAIL_IMPORT);
}

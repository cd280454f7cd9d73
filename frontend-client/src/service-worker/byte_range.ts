/** Parts of stored audio, which players ask for when they seek. */

/** The first and the last byte of a `Range` header; null if this file does not have them. */
export function parseRange(header: string, size: number): [first: number, last: number] | null {
	const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header.trim()) ?? [];
	if (!from && !to) return null;
	const first = from ? Number(from) : Math.max(0, size - Number(to));
	const last = from && to ? Math.min(Number(to), size - 1) : size - 1;
	return first <= last ? [first, last] : null;
}

/** The whole file, or the part that was asked for. */
export function respondWithRange(file: Blob, type: string, range: string | null): Response {
	const headers = { 'Content-Type': type, 'Accept-Ranges': 'bytes' };
	if (!range) return new Response(file, { headers: { ...headers, ...sizeOf(file) } });
	const bounds = parseRange(range, file.size);
	if (!bounds)
		return new Response(null, {
			status: 416,
			headers: { ...headers, 'Content-Range': `bytes */${file.size}` }
		});
	const [first, last] = bounds;
	const part = file.slice(first, last + 1, type);
	const contentRange = { 'Content-Range': `bytes ${first}-${last}/${file.size}` };
	return new Response(part, {
		status: 206,
		headers: { ...headers, ...sizeOf(part), ...contentRange }
	});
}

const sizeOf = (part: Blob) => ({ 'Content-Length': String(part.size) });

/** Uploads of email files, chosen with a button or dropped on the page. Large ones become imports. */

import { perListener } from '#lib/listener_scope.svelte.ts';
import { notices } from '#lib/notices.svelte.ts';
import { pluralize } from '#lib/format.ts';
import type { AppLimits } from '#lib/api/index.ts';
import { imports } from './imports.svelte';
import { inbox } from './inbox.svelte';
import { needsImport } from './mail-files';

type Skipped = { name: string; reason: string };

class Uploads {
	/** Number of files in the current upload and how many are done; null while nothing is uploaded. */
	progress = $state<{ done: number; total: number } | null>(null);
	/** Whether files are being dragged over the page. */
	isDragging = $state(false);
	#queue: File[] = [];

	/** Add files, after those already in the queue: small ones at once, large ones as imports. */
	async add(files: readonly File[], limits: AppLimits) {
		const small = files.filter((file) => !needsImport(file, limits));
		for (const file of files) {
			if (needsImport(file, limits)) void notices.attempt(() => imports.add(file));
		}
		if (!small.length) return;
		this.#queue.push(...small);
		if (this.progress) {
			this.progress.total += small.length;
			return;
		}
		this.progress = { done: 0, total: small.length };
		await notices.attempt(() => this.#send(limits.upload_bytes));
		this.#queue = [];
		this.progress = null;
	}

	async #send(bytes: number) {
		inbox.skippedMails = [];
		let addedCount = 0;
		for (let file = this.#queue.shift(); file; file = this.#queue.shift()) {
			const oversize = findOversize(file, bytes);
			if (oversize) inbox.skippedMails.push(oversize);
			else addedCount += await inbox.add(file);
			if (this.progress) this.progress.done++;
		}
		if (addedCount) notices.show(`${pluralize(addedCount, 'email')} added.`);
		if (inbox.skippedMails.length) notices.show(describeSkipped(inbox.skippedMails), true);
		if (addedCount) await inbox.load();
	}
}

function findOversize({ name, size }: File, bytes: number): Skipped | null {
	const reason = `The file is too large. The limit is ${Math.floor(bytes / 2 ** 20)} MB.`;
	return size > bytes ? { name, reason } : null;
}

/** `1 email skipped: broken.eml`, or the number of emails. */
export function describeSkipped(skipped: readonly Skipped[]): string {
	const words = `${pluralize(skipped.length, 'email')} skipped`;
	return skipped.length === 1 ? `${words}: ${skipped[0]!.name}` : words;
}

export const uploads = perListener(() => new Uploads());

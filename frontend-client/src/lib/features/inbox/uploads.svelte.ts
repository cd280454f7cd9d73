/** Uploads of email files, chosen with a button or dropped on the page. */

import { perListener } from '#lib/listener_scope.svelte.ts';
import { notices } from '#lib/notices.svelte.ts';
import { pluralize } from '#lib/format.ts';
import { inbox } from './inbox.svelte';

type Skipped = { name: string; reason: string };

class Uploads {
	/** Number of files in the current upload and how many are done; null while nothing is uploaded. */
	progress = $state<{ done: number; total: number } | null>(null);
	/** Whether files are being dragged over the page. */
	isDragging = $state(false);
	#queue: File[] = [];

	/** Upload files, after those already in the queue. `bytes` is the size limit of one file. */
	async add(files: readonly File[], bytes: number) {
		if (!files.length) return;
		this.#queue.push(...files);
		if (this.progress) {
			this.progress.total += files.length;
			return;
		}
		this.progress = { done: 0, total: files.length };
		await notices.attempt(() => this.#send(bytes));
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

/** The dropped files, without folders, whose contents browsers do not expose here. */
export function listFiles(transfer: DataTransfer | null): File[] {
	const items = [...(transfer?.items ?? [])];
	if (!items.length) return [...(transfer?.files ?? [])];
	return items.flatMap((item) => {
		if (item.kind !== 'file' || item.webkitGetAsEntry?.()?.isDirectory) return [];
		return item.getAsFile() ?? [];
	});
}

export const uploads = perListener(() => new Uploads());

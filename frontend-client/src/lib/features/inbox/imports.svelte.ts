/** Imports of large files: uploaded in parts by this page, read in the background by AudioBrew. */

import { SvelteSet } from 'svelte/reactivity';
import { perListener } from '#lib/listener_scope.svelte.ts';
import {
	unwrap,
	beginImport,
	cancelImport,
	deleteImport,
	listImports,
	uploadImportPart,
	type MailImport
} from '#lib/backend.ts';
import { ApiError } from '#lib/api_error.ts';
import { notices } from '#lib/notices.svelte.ts';
import { hashContent } from './content-hash';
import { isOpen, isSameFile, type ImportStatus } from './import-messages';
import { inbox } from './inbox.svelte';

const POLL_INTERVAL = 1500;
/** Imports that have ended and are shown until they are dismissed. */
const MAX_ENDED = 3;
/** Waits before a part that was not received is sent again, in milliseconds. */
const RETRY_DELAYS = [1000, 2000, 5000, 10_000, 30_000, 30_000, 60_000, 60_000];

class Imports {
	/** Newest first. */
	list = $state<MailImport[]>([]);
	/** Whether the next imports also add emails that are not newsletters. */
	includesOthers = $state(false);
	/** Those that have not ended, and the last ones that have. */
	readonly visible = $derived.by(() => {
		const ended = this.list.filter((one) => !isOpen(one)).slice(0, MAX_ENDED);
		return this.list.filter((one) => isOpen(one) || ended.includes(one));
	});
	/** Imports whose file this page uploads. */
	readonly #sending = new SvelteSet<string>();
	/** Imports whose file another tab uploads. */
	readonly #sentElsewhere = new SvelteSet<string>();
	#queue: Promise<void> = Promise.resolve();
	#timer: ReturnType<typeof setTimeout> | undefined;
	#isDisposed = false;

	async load() {
		const previous = this.list;
		const list = await unwrap(listImports());
		const locks = (await navigator.locks?.query())?.held ?? [];
		this.#sentElsewhere.clear();
		for (const { name } of locks) if (name) this.#sentElsewhere.add(name);
		// Parts that arrived while the list was on its way are newer than the list.
		this.list = list.map((one) => {
			const own = this.#sending.has(one.id) && this.#find(one.id);
			return own && own.received_bytes > one.received_bytes ? own : one;
		});
		const hasEnded = previous.some((one) => isOpen(one) && !this.#isOpen(one.id));
		if (hasEnded) await inbox.load();
		this.#poll();
	}

	/** How an import is shown: an upload that no tab of this browser continues is stalled. */
	status(one: MailImport): ImportStatus {
		const isSent = this.#sending.has(one.id) || this.#sentElsewhere.has(lockName(one.id));
		return one.status === 'uploading' && !isSent ? 'stalled' : one.status;
	}

	/** Import a file, or continue its interrupted upload. Files are uploaded one after another. */
	async add(file: File) {
		const request = {
			name: file.name,
			bytes: file.size,
			include_others: this.includesOthers,
			content_hash: await hashContent(file)
		};
		const begun = this.list.find(
			(one) => isSameFile(one, request) && this.status(one) === 'stalled'
		);
		const one = begun ?? (await unwrap(beginImport({ body: request })));
		this.#sending.add(one.id);
		this.#replace(one);
		notices.show(`“${file.name}” is being imported.`);
		const upload = this.#queue.then(() => withLock(one.id, () => this.#upload(one, file)));
		this.#queue = upload.catch(() => undefined);
		try {
			await upload;
		} finally {
			this.#sending.delete(one.id);
			this.#poll();
		}
	}

	async stop(id: string) {
		this.#replace(await unwrap(cancelImport({ path: { id } })));
		await inbox.load();
	}

	async dismiss(id: string) {
		await unwrap(deleteImport({ path: { id } }));
		this.list = this.list.filter((one) => one.id !== id);
	}

	dispose() {
		this.#isDisposed = true;
		clearTimeout(this.#timer);
	}

	/** Send the parts that are missing, until the file is complete or the import has ended. */
	async #upload(begun: MailImport, file: File) {
		let one = begun;
		while (one.status === 'uploading' && this.#isOpen(one.id)) {
			const { id, received_bytes: offset, part_bytes } = one;
			const body = file.slice(offset, offset + part_bytes);
			try {
				one = await this.#sendPart(id, offset, body);
			} catch (error) {
				if (!this.#isOpen(id)) return; // stopped or dismissed meanwhile
				throw error;
			}
			if (this.#isOpen(id)) this.#replace(one);
		}
	}

	/** Send a part again while AudioBrew cannot be reached or is busy. */
	async #sendPart(id: string, offset: number, body: Blob): Promise<MailImport> {
		for (const delay of [...RETRY_DELAYS, null]) {
			try {
				return await unwrap(uploadImportPart({ path: { id }, query: { offset }, body }));
			} catch (error) {
				if (delay === null || !isTransient(error) || !this.#isOpen(id)) throw error;
				await new Promise((resolve) => setTimeout(resolve, delay));
			}
		}
		throw new Error('unreachable');
	}

	#find(id: string): MailImport | undefined {
		return this.list.find((one) => one.id === id);
	}

	/** Whether to go on with an upload: nobody stopped it, here or elsewhere, and the account is the same. */
	#isOpen(id: string): boolean {
		const one = this.#find(id);
		return !this.#isDisposed && one !== undefined && isOpen(one);
	}

	#replace(one: MailImport) {
		const isKnown = this.list.some(({ id }) => id === one.id);
		this.list = isKnown
			? this.list.map((other) => (other.id === one.id ? one : other))
			: [one, ...this.list];
	}

	/** Load again soon while something may change without this page. */
	#poll() {
		clearTimeout(this.#timer);
		const isChanging = this.list.some((one) => isOpen(one) && !this.#sending.has(one.id));
		if (!isChanging || this.#isDisposed) return;
		this.#timer = setTimeout(() => {
			if (document.visibilityState === 'hidden') this.#poll();
			else void this.load().catch(() => this.#poll());
		}, POLL_INTERVAL);
	}
}

function lockName(id: string): string {
	return `audiobrew-import-${id}`;
}

/** Other tabs see by the lock that this one uploads. A tab that is closed or reloaded loses it. */
async function withLock(id: string, work: () => Promise<void>) {
	if (!navigator.locks) return work();
	await navigator.locks.request(lockName(id), work);
}

/** Whether a request may succeed later: no response, a busy server, or too many requests. */
function isTransient(error: unknown): boolean {
	if (!(error instanceof ApiError)) return false;
	if (error.status === 507) return false; // no space is left
	return error.status === undefined || error.status === 429 || error.status >= 500;
}

export const imports = perListener(() => new Imports());

/** Which files hold emails, and which of them are imported in the background. */

import type { AppLimits } from '#lib/api/index.ts';

export const FILE_SUFFIXES = ['.eml', '.emlx', '.mbox', '.mbx', '.zip'];
/** Files with many emails. */
const CONTAINER_SUFFIXES = ['.mbox', '.mbx', '.zip'];
/** A larger file with many emails is imported: one request reads only a few hundred of them. */
const IMPORT_BYTES = 2 ** 20;
/** Files of a dropped folder that are added. */
const MAX_FILES = 5000;

/** Whether a file is imported in the background. Smaller ones are added at once. */
export function needsImport({ name, size }: Pick<File, 'name' | 'size'>, limits: AppLimits) {
	if (!limits.import_bytes) return false; // an older backend
	return size > limits.upload_bytes || (size > IMPORT_BYTES && hasSuffix(name, CONTAINER_SUFFIXES));
}

function hasSuffix(name: string, suffixes: readonly string[]): boolean {
	return suffixes.some((suffix) => name.toLowerCase().endsWith(suffix));
}

/** The dropped files, and those in dropped folders whose names say that they hold emails. */
export async function findMailFiles(transfer: DataTransfer | null): Promise<File[]> {
	const items = [...(transfer?.items ?? [])].filter((item) => item.kind === 'file');
	if (!items.length) return [...(transfer?.files ?? [])];
	// Both must be read before the first pause: the items are emptied after the event.
	const dropped = items.map((item) => ({
		entry: item.webkitGetAsEntry?.() ?? null,
		file: item.getAsFile()
	}));
	const files: File[] = [];
	for (const { entry, file } of dropped) {
		if (entry?.isDirectory) await collect(entry as FileSystemDirectoryEntry, files);
		else if (file) files.push(file);
	}
	return files;
}

/** Add the mail files in a folder and below. */
async function collect(folder: FileSystemDirectoryEntry, files: File[]) {
	const reader = folder.createReader();
	let entries = await readEntries(reader);
	while (entries.length && files.length < MAX_FILES) {
		for (const entry of entries) {
			if (entry.isDirectory) await collect(entry as FileSystemDirectoryEntry, files);
			else if (isMailFile(entry, folder)) files.push(await readFile(entry as FileSystemFileEntry));
		}
		entries = await readEntries(reader); // browsers return a hundred at a time
	}
}

/** In the folders of a Maildir, files have no suffix. `._` begins what macOS adds. */
function isMailFile({ name }: FileSystemEntry, folder: FileSystemEntry): boolean {
	if (name.startsWith('._')) return false;
	return hasSuffix(name, FILE_SUFFIXES) || ['cur', 'new'].includes(folder.name);
}

function readEntries(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
	return new Promise((resolve, reject) => reader.readEntries(resolve, reject));
}

function readFile(entry: FileSystemFileEntry): Promise<File> {
	return new Promise((resolve, reject) => entry.file(resolve, reject));
}

import { describe, expect, it } from 'vitest';
import { findMailFiles, needsImport } from './mail-files';

const limits = {
	upload_bytes: 25 * 2 ** 20,
	import_bytes: 2 ** 32,
	minutes_min: 1,
	minutes_max: 9
};

type Entry = { name: string; isDirectory: boolean };

function fileEntry(name: string): Entry {
	const file = new File(['x'], name);
	return Object.assign(
		{ file: (done: (file: File) => void) => done(file) },
		{
			name,
			isDirectory: false
		}
	);
}

/** A folder that returns its entries one at a time, as browsers return a hundred. */
function folder(name: string, ...entries: Entry[]): Entry {
	const createReader = () => {
		const rest = [...entries];
		return { readEntries: (done: (entries: Entry[]) => void) => done(rest.splice(0, 1)) };
	};
	return Object.assign({ createReader }, { name, isDirectory: true });
}

function transfer(...entries: Entry[]): DataTransfer {
	const items = entries.map((entry) => ({
		kind: 'file',
		webkitGetAsEntry: () => entry,
		getAsFile: () => (entry.isDirectory ? null : new File(['x'], entry.name))
	}));
	return { items, files: [] } as unknown as DataTransfer;
}

describe('files of emails', () => {
	it('imports large ones, and adds small ones at once', () => {
		const isImport = (name: string, size: number) => needsImport({ name, size }, limits);

		expect(isImport('Inbox.MBOX', 2 ** 21)).toBe(true);
		expect(isImport('takeout.zip', 2 ** 31)).toBe(true);
		expect(isImport('inbox.mbox', 2 ** 19)).toBe(false);
		expect(isImport('large.eml', 2 ** 22)).toBe(false);
		expect(isImport('Inbox', 2 ** 25)).toBe(true);
		expect(needsImport({ name: 'a.zip', size: 2 ** 30 }, { ...limits, import_bytes: 0 })).toBe(
			false
		);
	});

	it('are found in dropped folders, with those of a Maildir', async () => {
		const mail = folder('Mail', fileEntry('a.eml'), fileEntry('notes.txt'), fileEntry('._a.eml'));
		const maildir = folder('Maildir', folder('cur', fileEntry('1700.M5.host:2,S')));
		const files = await findMailFiles(
			transfer(folder('All', mail, maildir, fileEntry('b.mbox')), fileEntry('anything'))
		);

		expect(files.map((file) => file.name)).toEqual([
			'a.eml',
			'1700.M5.host:2,S',
			'b.mbox',
			'anything'
		]);
	});

	it('are taken from a browser that has no items', async () => {
		const files = [new File(['x'], 'a.eml')];
		expect(await findMailFiles({ files } as unknown as DataTransfer)).toEqual(files);
		expect(await findMailFiles(null)).toEqual([]);
	});
});

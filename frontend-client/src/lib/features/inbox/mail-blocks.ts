// How the blocks of an email are arranged for display.

import type { MailBlock } from '#lib/api/index.ts';

export type DisplayBlock = Pick<MailBlock, 'id' | 'kind' | 'level' | 'role' | 'text' | 'links'>;

/** What is displayed together: one block, or the rows of a table. */
export type Passage =
	{ id: string; block: DisplayBlock; rows?: undefined } | { id: string; rows: DisplayBlock[] };

/** Puts the rows of each table together, in the order of the email. */
export function toPassages(blocks: DisplayBlock[]): Passage[] {
	const passages: Passage[] = [];
	for (const block of blocks) {
		const rows = passages.at(-1)?.rows;
		if (block.kind !== 'table_row') passages.push({ id: block.id, block });
		else if (rows) rows.push(block);
		else passages.push({ id: block.id, rows: [block] });
	}
	return passages;
}

/** The name of a table's row and its values; a row without a name has an empty one. */
export function splitRow(text: string): { name: string; values: string } {
	const colon = text.indexOf(': ');
	if (colon < 0) return { name: '', values: text };
	return { name: text.slice(0, colon), values: text.slice(colon + 2) };
}

/** The element of a heading. The page and the sheet have the levels above it. */
export function headingElement(level: number | null | undefined): 'h4' | 'h5' | 'h6' {
	if (!level || level <= 2) return 'h4';
	return level === 3 ? 'h5' : 'h6';
}

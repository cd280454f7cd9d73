import { describe, expect, it } from 'vitest';
import { headingElement, splitRow, toPassages, type DisplayBlock } from './mail-blocks';

function block(id: string, kind: DisplayBlock['kind']): DisplayBlock {
	return { id, kind, text: id, links: [] };
}

describe('the blocks of an email', () => {
	it('puts the rows of a table together', () => {
		const passages = toPassages([
			block('a', 'paragraph'),
			block('b', 'table_row'),
			block('c', 'table_row'),
			block('d', 'paragraph'),
			block('e', 'table_row')
		]);

		const ids = passages.map((passage) => passage.rows?.map(({ id }) => id) ?? passage.id);
		expect(ids).toEqual(['a', ['b', 'c'], 'd', ['e']]);
	});

	it('tells the name of a row from its values', () => {
		expect(splitRow('DAX: Close 18,000, Change +0.3%')).toEqual({
			name: 'DAX',
			values: 'Close 18,000, Change +0.3%'
		});
		expect(splitRow('18,000')).toEqual({ name: '', values: '18,000' });
	});

	it('has headings below those of the sheet, also without a level', () => {
		expect([1, 2, 3, 6, null, undefined].map(headingElement)).toEqual([
			'h4',
			'h4',
			'h5',
			'h6',
			'h4',
			'h4'
		]);
	});
});

/** Roving tab index: the Tab key stops once at a list, and arrow keys move within it. */

type Direction = 'up' | 'down' | 'first' | 'last' | 'left' | 'right';

const DIRECTIONS: Record<string, Direction> = {
	ArrowUp: 'up',
	ArrowDown: 'down',
	Home: 'first',
	End: 'last',
	ArrowLeft: 'left',
	ArrowRight: 'right'
};
const CONTROLS = 'button, input';

/** Move the focus between rows and between the controls of a row. Returns the index of the focused row. */
export function moveFocus(event: KeyboardEvent & { currentTarget: HTMLElement }): number | null {
	const direction = DIRECTIONS[event.key];
	const { target, currentTarget: list } = event;
	if (!direction || event.altKey || event.ctrlKey || event.metaKey) return null;
	if (!(target instanceof HTMLElement)) return null;
	const rows = [...list.children];
	const row = rows.findIndex((item) => item.contains(target));
	const column = listControls(rows[row]).indexOf(target);
	if (row < 0 || column < 0) return null;
	event.preventDefault();
	const nextRow = targetRow(direction, row, rows.length);
	const targets = listControls(rows[nextRow]);
	const nextColumn = column + (direction === 'right' ? 1 : direction === 'left' ? -1 : 0);
	targets[Math.max(0, Math.min(nextColumn, targets.length - 1))]?.focus();
	return nextRow;
}

function targetRow(direction: Direction, row: number, rows: number): number {
	if (direction === 'first') return 0;
	if (direction === 'last') return rows - 1;
	if (direction === 'up') return Math.max(0, row - 1);
	return direction === 'down' ? Math.min(rows - 1, row + 1) : row;
}

function listControls(row: Element | undefined): HTMLElement[] {
	return [...(row?.querySelectorAll<HTMLElement>(CONTROLS) ?? [])];
}

/** Roving tab index: the Tab key stops once at a list, and arrow keys move within it. */

type Move = 'up' | 'down' | 'first' | 'last' | 'left' | 'right';

const MOVES: Record<string, Move> = {
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
	const move = MOVES[event.key];
	const { target, currentTarget: list } = event;
	if (!move || event.altKey || event.ctrlKey || event.metaKey) return null;
	if (!(target instanceof HTMLElement)) return null;
	const rows = [...list.children];
	const row = rows.findIndex((one) => one.contains(target));
	const column = controls(rows[row]).indexOf(target);
	if (row < 0 || column < 0) return null;
	event.preventDefault();
	const next = place(move, row, rows.length);
	const there = controls(rows[next]);
	const across = column + (move === 'right' ? 1 : move === 'left' ? -1 : 0);
	there[Math.max(0, Math.min(across, there.length - 1))]?.focus();
	return next;
}

function place(move: Move, row: number, rows: number): number {
	if (move === 'first') return 0;
	if (move === 'last') return rows - 1;
	if (move === 'up') return Math.max(0, row - 1);
	return move === 'down' ? Math.min(rows - 1, row + 1) : row;
}

function controls(row: Element | undefined): HTMLElement[] {
	return [...(row?.querySelectorAll<HTMLElement>(CONTROLS) ?? [])];
}

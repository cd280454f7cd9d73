/** The player's keyboard shortcuts. None is a character, which speech input and screen readers send. */

export type PlayerAction = 'toggle' | 'back' | 'ahead' | 'previous' | 'next' | 'slower' | 'faster';

const ACTIONS: Record<string, PlayerAction> = {
	' ': 'toggle',
	ArrowLeft: 'back',
	ArrowRight: 'ahead',
	'Shift ArrowLeft': 'previous',
	'Shift ArrowRight': 'next',
	'Shift ArrowDown': 'slower',
	'Shift ArrowUp': 'faster'
};

/** Whether the list of shortcuts is open. */
export const isListOpen = $state({ value: false });

/** Elements that use the arrow keys and the space bar themselves. */
const OWN_KEYS =
	'input, select, textarea, audio, video, [contenteditable], [role=slider], [role=menu], [role=dialog], [role=alertdialog]';
/** Elements that the space bar clicks. */
const OWN_SPACE = 'button, summary, [role=button]';

/** Null if the key has no action or belongs to the focused element. */
export function playerAction(event: KeyboardEvent): PlayerAction | null {
	const action = ACTIONS[event.shiftKey ? `Shift ${event.key}` : event.key];
	if (!action || event.defaultPrevented || (event.repeat && action === 'toggle')) return null;
	if (event.ctrlKey || event.metaKey || event.altKey) return null;
	const { target } = event;
	if (!(target instanceof Element)) return action;
	if (target.closest(OWN_KEYS)) return null;
	return action === 'toggle' && target.closest(OWN_SPACE) ? null : action;
}

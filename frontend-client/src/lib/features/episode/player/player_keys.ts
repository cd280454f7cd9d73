/** The player's keyboard shortcuts. */

export type PlayerAction = 'toggle' | 'back' | 'ahead';

const KEYS: Record<string, PlayerAction> = {
	' ': 'toggle',
	ArrowLeft: 'back',
	ArrowRight: 'ahead'
};

/** Elements that use the arrow keys and the space bar themselves. */
const OWN_KEYS =
	'input, select, textarea, audio, video, [contenteditable], [role=slider], [role=menu], [role=dialog], [role=alertdialog]';
/** Elements that the space bar clicks. */
const OWN_SPACE = 'button, summary, [role=button]';

/** Null if the key has no action or belongs to the focused element. */
export function playerAction(event: KeyboardEvent): PlayerAction | null {
	const key = KEYS[event.key];
	if (!key || event.defaultPrevented || (event.repeat && key === 'toggle')) return null;
	if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return null;
	const { target } = event;
	if (!(target instanceof Element)) return key;
	if (target.closest(OWN_KEYS)) return null;
	return key === 'toggle' && target.closest(OWN_SPACE) ? null : key;
}

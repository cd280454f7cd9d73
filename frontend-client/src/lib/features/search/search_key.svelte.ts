/**
 * The keys that open the search. `/` is a character, which speech input may send, so that a listener can turn
 * it off. Ctrl+K, or ⌘K, always works.
 */

import { storage } from '#lib/storage.ts';

const KEY = 'audiobrew.search-key';
const OFF = 'off';
/** Elements in which characters are typed, and dialogs. */
const OWN_KEYS =
	'input, select, textarea, [contenteditable], [role=menu], [role=dialog], [role=alertdialog]';

class SearchKey {
	isOn = $state(storage.read(KEY) !== OFF);

	set(isOn: boolean) {
		this.isOn = isOn;
		if (isOn) storage.remove(KEY);
		else storage.write(KEY, OFF);
	}

	opensSearch(event: KeyboardEvent): boolean {
		if (event.defaultPrevented || event.altKey || event.repeat) return false;
		const isShortcut = event.ctrlKey || event.metaKey;
		if (isShortcut) return event.key.toLowerCase() === 'k' && !event.shiftKey;
		const isTyping = event.target instanceof Element && event.target.closest(OWN_KEYS);
		return this.isOn && event.key === '/' && !isTyping;
	}
}

export const searchKey = new SearchKey();

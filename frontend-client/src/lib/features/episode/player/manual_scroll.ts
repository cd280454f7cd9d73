/** Detects scrolling by the listener, after which the transcript stops scrolling by itself. */

/** The space bar plays and pauses; with Shift it scrolls. */
const SCROLLING_KEYS = ['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End', ' '];
/** Elements that use these keys or touches for something else. */
const CONTROLS = 'input, select, textarea, [contenteditable], [role=menu], [role=slider]';
const DIALOG = '[role=dialog], [role=alertdialog]';
/** Elements that the space bar clicks while they have the focus. */
const PRESSED_BY_SPACE = 'button, a, summary, [role=button]';
const MIDDLE_BUTTON = 1;

/** `event` is a `wheel`, `touchmove`, `keydown` or `pointerdown` event on the window. */
export function isManualScroll(event: Event): boolean {
	if (event.defaultPrevented || !(event.target instanceof Element)) return false;
	if (event.target.closest(DIALOG)) return false;
	if (event instanceof WheelEvent) return wheelScrolls(event, event.target);
	if (event instanceof KeyboardEvent) return keyScrolls(event, event.target);
	if (event instanceof PointerEvent) return pointerScrolls(event, event.target);
	return !event.target.closest(CONTROLS) && !scrollsInside(event.target, 0);
}

function wheelScrolls(event: WheelEvent, target: Element): boolean {
	const zooms = event.ctrlKey;
	return !zooms && event.deltaY !== 0 && !scrollsInside(target, event.deltaY);
}

function keyScrolls(event: KeyboardEvent, target: Element): boolean {
	if (findsInPage(event)) return true;
	if (!SCROLLING_KEYS.includes(event.key) || target.closest(CONTROLS)) return false;
	return event.key !== ' ' || (event.shiftKey && !target.closest(PRESSED_BY_SPACE));
}

/** Whether the browser's own search opens, which scrolls to its results. */
function findsInPage({ key, ctrlKey, metaKey }: KeyboardEvent): boolean {
	return key === 'F3' || ((ctrlKey || metaKey) && ['f', 'g'].includes(key.toLowerCase()));
}

/** A press on the window's scrollbar, or on the middle button, which starts autoscroll. */
function pointerScrolls(event: PointerEvent, target: Element): boolean {
	const { documentElement: root } = document;
	const onScrollbar = target === root && event.clientX >= root.clientWidth;
	return onScrollbar || (event.pointerType === 'mouse' && event.button === MIDDLE_BUTTON);
}

/**
 * Whether an element inside the page would scroll instead; `by` is positive for down, negative for up,
 * 0 for either.
 */
function scrollsInside(target: Element, by: number): boolean {
	for (let one: Element | null = target; one && one !== document.body; one = one.parentElement) {
		if (!/auto|scroll/.test(getComputedStyle(one).overflowY)) continue;
		const up = one.scrollTop > 0;
		const down = one.scrollTop + one.clientHeight < one.scrollHeight - 1;
		if (by < 0 ? up : by > 0 ? down : up || down) return true;
	}
	return false;
}

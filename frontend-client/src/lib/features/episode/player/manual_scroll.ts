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
	if (event instanceof WheelEvent) return isWheelScroll(event, event.target);
	if (event instanceof KeyboardEvent) return isKeyScroll(event, event.target);
	if (event instanceof PointerEvent) return isPointerScroll(event, event.target);
	return !event.target.closest(CONTROLS) && !hasInnerScroll(event.target, 0);
}

function isWheelScroll(event: WheelEvent, target: Element): boolean {
	const isZoom = event.ctrlKey;
	return !isZoom && event.deltaY !== 0 && !hasInnerScroll(target, event.deltaY);
}

function isKeyScroll(event: KeyboardEvent, target: Element): boolean {
	if (opensPageSearch(event)) return true;
	if (!SCROLLING_KEYS.includes(event.key) || target.closest(CONTROLS)) return false;
	return event.key !== ' ' || (event.shiftKey && !target.closest(PRESSED_BY_SPACE));
}

/** Whether the browser's own search opens, which scrolls to its results. */
function opensPageSearch({ key, ctrlKey, metaKey }: KeyboardEvent): boolean {
	return key === 'F3' || ((ctrlKey || metaKey) && ['f', 'g'].includes(key.toLowerCase()));
}

/** A press on the window's scrollbar, or on the middle button, which starts autoscroll. */
function isPointerScroll(event: PointerEvent, target: Element): boolean {
	const { documentElement: root } = document;
	const isOnScrollbar = target === root && event.clientX >= root.clientWidth;
	return isOnScrollbar || (event.pointerType === 'mouse' && event.button === MIDDLE_BUTTON);
}

/**
 * Whether an element inside the page would scroll instead; `by` is positive for down, negative for up,
 * 0 for either.
 */
function hasInnerScroll(target: Element, by: number): boolean {
	for (
		let element: Element | null = target;
		element && element !== document.body;
		element = element.parentElement
	) {
		if (!/auto|scroll/.test(getComputedStyle(element).overflowY)) continue;
		const canScrollUp = element.scrollTop > 0;
		const canScrollDown = element.scrollTop + element.clientHeight < element.scrollHeight - 1;
		if (by < 0 ? canScrollUp : by > 0 ? canScrollDown : canScrollUp || canScrollDown) return true;
	}
	return false;
}

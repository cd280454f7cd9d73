/** Scroll just far enough to see an element; at once for people who want no motion. */
export function scrollIntoView(element: Element) {
	const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
	element.scrollIntoView({ block: 'nearest', behavior: isStill ? 'instant' : 'smooth' });
}

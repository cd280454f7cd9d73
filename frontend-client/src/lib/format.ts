/** Durations, dates and counts as text. */

/** 65.4 → `1:05`, 3725 → `1:02:05`. */
export function formatClock(seconds: number): string {
	const whole = Math.max(0, Math.floor(Number.isFinite(seconds) ? seconds : 0));
	const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
	const visible = parts[0] ? parts : parts.slice(1);
	return visible.map((part, index) => (index ? String(part).padStart(2, '0') : part)).join(':');
}

/** 65.4 → `1 minute 5 seconds`, for screen readers. */
export function describeDuration(seconds: number): string {
	const whole = Math.max(0, Math.floor(Number.isFinite(seconds) ? seconds : 0));
	const counts: [number, string][] = [
		[Math.floor(whole / 3600), 'hour'],
		[Math.floor(whole / 60) % 60, 'minute'],
		[whole % 60, 'second']
	];
	const parts = counts.filter(([count]) => count).map(([count, unit]) => pluralize(count, unit));
	return parts.join(' ') || '0 seconds';
}

/** 290 → `5 min`, 40 → `40 s`. */
export function formatLength(seconds: number): string {
	return seconds < 60 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}

/** 1, `newsletter` → `1 newsletter`; 3 → `3 newsletters`. */
export function pluralize(count: number, thing: string): string {
	return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

/** `Today`, `Yesterday`, `Monday`, `3 Nov` or `3 Nov 2025`, in the device's time zone. */
export function formatDay(moment: string, now = new Date()): string {
	const date = new Date(moment);
	const days = Math.round((midnight(now) - midnight(date)) / 86_400_000);
	if (days === 0) return 'Today';
	if (days === 1) return 'Yesterday';
	if (days > 1 && days < 7) return date.toLocaleDateString('en-GB', { weekday: 'long' });
	const year = date.getFullYear() === now.getFullYear() ? undefined : 'numeric';
	return date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year });
}

function midnight(moment: Date): number {
	return Date.UTC(moment.getFullYear(), moment.getMonth(), moment.getDate());
}

/** 480 → `1 kB`, 5300000 → `5.3 MB`. */
export function formatSize(bytes: number): string {
	if (bytes < 1e6) return `${Math.max(1, Math.round(bytes / 1000))} kB`;
	return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

/** An episode's MP3 onto the listener's disk. */

import { absoluteUrl } from '$lib/backend';
import { episodes } from './episodes.svelte';

/** Ask for an address that has not expired, and have the browser save what is there. */
export async function download(id: string): Promise<void> {
	const { audio_url, title } = await episodes.reload(id);
	if (!audio_url) return;
	const link = document.createElement('a');
	link.href = absoluteUrl(audio_url);
	link.download = `${toFileName(title)}.mp3`;
	link.click();
}

/** A title without what file systems refuse. */
export function toFileName(title: string): string {
	const plain = title.replace(/[\p{Cc}\p{Cf}<>:"/\\|?*]+/gu, ' ').replace(/\s+/g, ' ');
	return (
		plain
			.trim()
			.replace(/^[. ]+/, '')
			.slice(0, 100)
			.trim() || 'episode'
	);
}

/** Saves an episode's MP3 on the listener's device. */

import { absoluteUrl } from '#lib/backend.ts';
import { episodes } from './episodes.svelte';

/** Reload the episode for a URL that has not expired, then let the browser save it. */
export async function download(id: string): Promise<void> {
	const { audio_url, title } = await episodes.reload(id);
	if (!audio_url) return;
	const link = document.createElement('a');
	link.href = absoluteUrl(audio_url);
	link.download = `${toFileName(title)}.mp3`;
	link.click();
}

/** Remove characters that file systems reject. */
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

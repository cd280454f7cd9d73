/** What is loaded after the pages, in one file: storing episodes, starting offline, and updates. */

export { default as UpdatePrompt } from '#lib/pwa/components/UpdatePrompt.svelte';
export { default as DownloadsSection } from './components/DownloadsSection.svelte';
export { default as OfflineEpisodes } from './components/OfflineEpisodes.svelte';
export { downloads } from './downloads.svelte';
export { startOffline } from './offline_start';

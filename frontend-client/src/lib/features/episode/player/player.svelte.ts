/** What is being listened to. One for the whole app, so that it goes on from page to page. */

import { perListener } from '$lib/listener_scope.svelte';
import { absoluteUrl, type Podcast } from '$lib/backend';
import { connection } from '$lib/connection.svelte';
import { openChannel } from '$lib/tab_channel';
import { formatLength } from '$lib/format';
import { ApiError, errorMessage } from '$lib/api_error';
import { episodes } from '../episodes.svelte';
import { playbackPositions } from './playback_positions';
import { playbackSpeed } from './playback_speed';

export const SKIP_BACK = 15;
export const SKIP_AHEAD = 30;
/** How long to wait before the next attempt while the backend cannot be reached, in milliseconds. */
const RETRY_AFTER = 5_000;
const CANNOT_PLAY = 'This episode cannot be played right now.';
const AUDIO_NOT_LOADED = 'The audio is not loaded yet.';
const STATUS_GONE = 410;

class Player {
	episode = $state<Podcast | null>(null);
	time = $state(0);
	/** Seconds; as told by the backend until the browser has measured it. */
	duration = $state(0);
	paused = $state(true);
	isBuffering = $state(false);
	error = $state<string | null>(null);
	speed = $state(playbackSpeed.read());
	/** Whether the large player of its page is in view. */
	isLargePlayerVisible = $state(false);
	/** The episode as it is known now; it may have another title than when it began to play. */
	readonly current = $derived(this.episode && (episodes.byId.get(this.episode.id) ?? this.episode));
	/** `trouble` for the listener: while the banner speaks of the connection, no second time. */
	readonly message = $derived(this.error && connection.isLost ? AUDIO_NOT_LOADED : this.error);
	#audio: HTMLAudioElement | null = null;
	#hasRenewed = false;
	/** Whether it played when it failed, so that it goes on once it can. */
	#wasPlaying = false;
	#retryTimer: ReturnType<typeof setTimeout> | undefined;
	/** One tab plays at a time. */
	#channel = openChannel<'playing'>('audiobrew.player', () => this.#yieldToOtherTab());

	/** Take the page's one audio element. */
	attach(audio: HTMLAudioElement) {
		this.#audio = audio;
		return () => this.dispose();
	}

	/** The listener is not here any more: nothing sounds, and nothing is shown on a lock screen. */
	dispose() {
		clearTimeout(this.#retryTimer);
		this.#channel.close();
		this.#audio?.pause();
		this.#audio?.removeAttribute('src');
		this.#audio?.load();
		this.#audio = null;
		this.episode = null;
		if (typeof navigator === 'undefined' || !navigator.mediaSession) return;
		navigator.mediaSession.metadata = null;
		navigator.mediaSession.playbackState = 'none';
	}

	async toggle(episode: Podcast) {
		if (this.episode?.id !== episode.id)
			return this.open(episode, playbackPositions.get(episode.id));
		return this.paused ? this.play() : this.pause();
	}

	/** Begin to listen to an episode, at a moment of it. */
	async open(episode: Podcast, at = 0) {
		clearTimeout(this.#retryTimer);
		this.episode = episode;
		this.duration = episode.seconds ?? 0;
		this.#hasRenewed = false;
		this.#load(episode, at);
		await this.play();
	}

	/** Go to a moment of an episode, and listen. */
	async playFrom(episode: Podcast, at: number) {
		if (this.episode?.id !== episode.id) return this.open(episode, at);
		this.seek(at);
		if (this.paused) await this.play();
	}

	async play() {
		if (this.error) return this.#renewUrl(true);
		try {
			await this.#audio?.play();
		} catch (error) {
			// A newer `open` took its place, or the address has expired, which `failed` deals with.
			if (!(error instanceof DOMException)) throw error;
			if (error.name === 'NotAllowedError') this.paused = true;
		}
	}

	/** Another tab begins to play. */
	#yieldToOtherTab() {
		if (!this.paused) this.pause();
	}

	/** Sound comes out: what was in the way is gone. */
	handlePlaying() {
		this.#channel.post('playing');
		this.isBuffering = false;
		this.#hasRenewed = false;
		this.error = null;
	}

	pause() {
		this.paused = true;
		this.#audio?.pause();
	}

	seek(to: number) {
		if (!this.#audio) return;
		this.#audio.currentTime = this.time = Math.min(Math.max(0, to), this.duration);
	}

	skip(seconds: number) {
		this.seek(this.time + seconds);
	}

	setSpeed(value: number) {
		this.speed = value;
		playbackSpeed.save(value);
		if (this.#audio) this.#audio.playbackRate = value;
	}

	close() {
		clearTimeout(this.#retryTimer);
		this.error = null;
		this.pause();
		this.#audio?.removeAttribute('src');
		this.episode = null;
	}

	/** The audio cannot be had: its address may have expired, so ask for a new one, once. */
	async handleError() {
		if (!this.episode || !this.#audio?.hasAttribute('src') || this.error) return;
		if (this.#hasRenewed) this.#stop(new ApiError(CANNOT_PLAY), !this.paused);
		else await this.#renewUrl();
	}

	/** The backend may be reached again. */
	recover() {
		if (this.error && this.#wasPlaying) void this.#renewUrl(true);
	}

	/** Go on at the same second with an address that has not expired. */
	async #renewUrl(playing?: boolean) {
		const id = this.episode?.id;
		if (!id) return;
		clearTimeout(this.#retryTimer);
		this.#hasRenewed = true;
		try {
			const episode = await episodes.reload(id);
			if (this.episode?.id !== id) return;
			if (!episode.audio_url) throw new ApiError(CANNOT_PLAY, STATUS_GONE);
			const shouldPlay = playing ?? !this.paused;
			this.episode = episode;
			this.#load(episode, this.time);
			if (shouldPlay) await this.play();
		} catch (error) {
			if (this.episode?.id === id) this.#stop(error, playing ?? !this.paused);
		}
	}

	/** Say why it stands still, and try again by itself unless the backend said that it is of no use. */
	#stop(error: unknown, playing: boolean) {
		this.error = errorMessage(error);
		this.#wasPlaying = playing;
		this.paused = true;
		this.isBuffering = false;
		clearTimeout(this.#retryTimer);
		const isPermanent = error instanceof ApiError && (error.status ?? 500) < 500;
		if (!isPermanent) this.#retryTimer = setTimeout(() => this.recover(), RETRY_AFTER);
	}

	#load(episode: Podcast, at: number) {
		if (!this.#audio || !episode.audio_url) return;
		this.error = null;
		this.time = at;
		this.#audio.src = absoluteUrl(episode.audio_url);
		this.#audio.currentTime = at;
		this.#audio.playbackRate = this.#audio.defaultPlaybackRate = this.speed;
	}

	/** `12 min left`, once something of it was heard. */
	remainingLabel(episode: Podcast): string | null {
		const at = this.episode?.id === episode.id ? this.time : playbackPositions.get(episode.id);
		const left = (episode.seconds ?? 0) - at;
		return at > 15 && left > 1 ? `${formatLength(left)} left` : null;
	}
}

export const player = perListener(() => new Player());

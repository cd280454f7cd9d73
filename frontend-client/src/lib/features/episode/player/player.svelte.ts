/** The audio player. There is one for the whole app, so that playback continues across pages. */

import { perListener } from '#lib/listener_scope.svelte.ts';
import { absoluteUrl, type Playback, type Podcast } from '#lib/backend.ts';
import { connection } from '#lib/connection.svelte.ts';
import { late } from '#lib/late.ts';
import { openChannel } from '#lib/tab_channel.ts';
import { ApiError, errorMessage } from '#lib/api_error.ts';
import { deviceEpisodes } from '../downloads/device_episodes.svelte';
import { episodes } from '../episodes.svelte';
import { playbackPositions } from './playback_positions.svelte';
import { playbackSpeed } from './playback_speed';
import { SleepTimer } from './sleep_timer.svelte';

export const SKIP_BACK = 15;
export const SKIP_AHEAD = 30;
/** Delay before the next attempt while the backend cannot be reached, in milliseconds. */
const RETRY_AFTER = 5_000;
/** Seconds after which “previous chapter” means the beginning of this one. */
const SAME_CHAPTER = 3;
const CANNOT_PLAY = 'This episode can’t be played right now.';
const AUDIO_NOT_LOADED = 'The audio hasn’t loaded yet.';
const STATUS_GONE = 410;
/** Between two positions that are sent while an episode plays, in milliseconds. */
const SEND_INTERVAL = 15_000;
/** After such a pause the listener may have gone on elsewhere, in milliseconds. */
const LONG_PAUSE = 60_000;

const loadOtherDevice = late(() => import('./other_device'));
const loadQueue = late(() => import('../queue.svelte'));

class Player {
	episode = $state<Podcast | null>(null);
	time = $state(0);
	/** Seconds; the backend's value until the browser knows the real one. */
	duration = $state(0);
	paused = $state(true);
	isBuffering = $state(false);
	error = $state<string | null>(null);
	speed = $state(playbackSpeed.read());
	/** When the chapters of the episode begin, in seconds; empty until its script is loaded. */
	chapterStarts = $state.raw<readonly number[]>([]);
	/** Where another device is in the loaded episode, if that is the later position. */
	offer = $state.raw<Playback | null>(null);
	#sentAt = 0;
	#heardAt = Date.now();
	readonly #sleep = new SleepTimer(() => this.pause());
	/** The episode whose page is open. */
	shown = $state.raw<Podcast | null>(null);
	/** The episode that the play key plays. */
	readonly target = $derived(this.shown ?? this.episode);
	/** Whether the large player of an episode's page is visible. */
	isLargePlayerVisible = $state(false);
	/** The episode in its current state: its title may have changed since playback started. */
	readonly current = $derived(this.episode && (episodes.byId.get(this.episode.id) ?? this.episode));
	/** The error to show. While the connection banner is visible, it does not repeat the cause. */
	readonly message = $derived(this.error && connection.isLost ? AUDIO_NOT_LOADED : this.error);
	#audio: HTMLAudioElement | null = null;
	#hasRenewed = false;
	/** Whether audio on this device plays, and whether it cannot be played. */
	#isLocal = false;
	#isLocalBroken = false;
	/** Whether to resume playback after an error. */
	#wasPlaying = false;
	#retryTimer: ReturnType<typeof setTimeout> | undefined;
	/** Only one tab plays at a time. */
	#channel = openChannel<'playing'>('audiobrew.player', () => this.#yieldToOtherTab());

	get sleep(): SleepTimer {
		return this.#sleep;
	}

	/** Use this audio element. Returns a function that stops playback. */
	attach(audio: HTMLAudioElement) {
		this.#audio = audio;
		return () => this.dispose();
	}

	/** Stop: another listener signed in. Clears the lock screen, too. */
	dispose() {
		clearTimeout(this.#retryTimer);
		this.sleep.clear();
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
			return this.open(episode, playbackPositions.start(episode));
		return this.paused ? this.play() : this.pause();
	}

	/** Load an episode and play it from `at` seconds. */
	async open(episode: Podcast, at = 0) {
		clearTimeout(this.#retryTimer);
		if (this.sleep.choice === 'chapter') this.sleep.clear();
		if (this.episode?.id !== episode.id) {
			this.savePosition();
			this.chapterStarts = [];
		}
		this.offer = null;
		this.episode = episode;
		this.duration = episode.seconds ?? 0;
		this.#hasRenewed = this.#isLocalBroken = false;
		this.#load(episode, at);
		await this.play();
	}

	/** Play an episode from `at` seconds. */
	async playFrom(episode: Podcast, at: number) {
		if (this.episode?.id !== episode.id) return this.open(episode, at);
		this.seek(at);
		if (this.paused) await this.play();
	}

	async play() {
		if (this.error) return this.#renewUrl(true);
		if (this.paused && Date.now() - this.#heardAt > LONG_PAUSE) void this.lookElsewhere();
		try {
			await this.#audio?.play();
		} catch (error) {
			// A newer `open` replaced this one, or the URL has expired, which `handleError` handles.
			if (!(error instanceof DOMException)) throw error;
			if (error.name === 'NotAllowedError') this.paused = true;
		}
	}

	/** Pause when another tab starts to play. */
	#yieldToOtherTab() {
		if (!this.paused) this.pause();
	}

	/** Playback works: clear any error. */
	handlePlaying() {
		this.sleep.hasPaused = false;
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
		this.sleep.moved(this.time);
	}

	skip(seconds: number) {
		this.seek(this.time + seconds);
	}

	/** Go to the next chapter, or to the beginning of this one or, soon after it, of the one before. */
	skipChapter(direction: 1 | -1) {
		const starts = this.chapterStarts;
		const to =
			direction === 1
				? starts.find((start) => start > this.time)
				: starts.findLast((start) => start < this.time - SAME_CHAPTER);
		this.seek(to ?? (direction === 1 ? this.time : 0));
	}

	setSpeed(value: number) {
		this.#changeSpeed(value);
		playbackSpeed.save(value).catch(() => {}); // it is saved at the next visit
	}

	/** Use the speed that the listener chose on another device. */
	async loadSpeed() {
		const speed = await playbackSpeed.load().catch(() => null);
		if (speed && speed !== this.speed) this.#changeSpeed(speed);
	}

	#changeSpeed(value: number) {
		this.speed = value;
		if (this.#audio) this.#audio.playbackRate = value;
	}

	/** Store where the listener is; send it if they have stopped, or if it is time. */
	savePosition(hasStopped = true) {
		const id = this.episode?.id;
		if (!id || (this.error && !this.time)) return;
		playbackPositions.save(id, this.time, this.duration);
		this.#heardAt = Date.now();
		if (!hasStopped && this.#heardAt - this.#sentAt < SEND_INTERVAL) return;
		this.#sentAt = this.#heardAt;
		void playbackPositions.send(id);
	}

	/** The page is hidden, and perhaps closed. */
	handleHidden() {
		if (!this.paused) this.savePosition(false);
		void playbackPositions.flush(true);
	}

	/** Find out whether another device has gone on with the loaded episode. */
	async lookElsewhere() {
		if (this.episode && !connection.isLost) await (await loadOtherDevice()).lookElsewhere(this);
	}

	/** Stay here: this becomes the latest position. */
	declineOffer() {
		this.offer = null;
		this.savePosition();
	}

	/** The episode has ended: go on with what comes up next, unless the listener wants to sleep now. */
	async handleEnded() {
		const ended = this.episode?.id;
		this.savePosition();
		if (!ended || this.sleep.endsWithEpisode()) return;
		const { queue } = await loadQueue();
		const next = await queue.takeNext(ended).catch(() => null); // without a connection, nothing follows
		if (next && this.paused && this.episode?.id === ended)
			await this.open(next, playbackPositions.start(next));
	}

	close() {
		clearTimeout(this.#retryTimer);
		this.savePosition();
		this.offer = null;
		this.sleep.clear();
		this.error = null;
		this.pause();
		this.#audio?.removeAttribute('src');
		this.episode = null;
	}

	/** The audio failed to load. Its URL may have expired, so renew it once. */
	async handleError() {
		if (!this.episode || !this.#audio?.hasAttribute('src') || this.error) return;
		if (this.#isLocal) this.#isLocalBroken = true;
		if (this.#hasRenewed) this.#stop(new ApiError(CANNOT_PLAY), !this.paused);
		else await this.#renewUrl();
	}

	/** Retry when the backend may be reachable again. */
	recover() {
		if (this.error && this.#wasPlaying) void this.#renewUrl(true);
	}

	/** Continue at the same position with a new URL. */
	async #renewUrl(resume?: boolean) {
		const id = this.episode?.id;
		if (!id) return;
		clearTimeout(this.#retryTimer);
		this.#hasRenewed = true;
		try {
			const episode = await episodes.reload(id);
			if (this.episode?.id !== id) return;
			if (!episode.audio_url) throw new ApiError(CANNOT_PLAY, STATUS_GONE);
			const shouldPlay = resume ?? !this.paused;
			this.episode = episode;
			this.#load(episode, this.time);
			if (shouldPlay) await this.play();
		} catch (error) {
			if (this.episode?.id === id) this.#stop(error, resume ?? !this.paused);
		}
	}

	/** Show why playback stopped, and retry later unless the backend said that this is pointless. */
	#stop(error: unknown, shouldPlay: boolean) {
		this.error = errorMessage(error);
		this.#wasPlaying = shouldPlay;
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
		const local = this.#isLocalBroken ? null : deviceEpisodes.audioUrl(episode.id);
		this.#isLocal = local !== null;
		this.#audio.src = local ?? absoluteUrl(episode.audio_url);
		this.#audio.currentTime = at;
		this.#audio.playbackRate = this.#audio.defaultPlaybackRate = this.speed;
	}
}

export const player = perListener(() => new Player());

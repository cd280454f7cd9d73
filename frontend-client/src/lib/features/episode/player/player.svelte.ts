/** What is being listened to. One for the whole app, so that it goes on from page to page. */

import { perListener } from '$lib/listener_scope.svelte';
import { absolute, type Podcast } from '$lib/backend';
import { connection } from '$lib/connection.svelte';
import { openChannel } from '$lib/tab_channel';
import { length } from '$lib/format';
import { told, Trouble } from '$lib/api_error';
import { podcast } from '../episodes.svelte';
import { positions } from './playback_positions';
import { speed } from './playback_speed';

export const BACK = 15;
export const AHEAD = 30;
/** How long to wait before the next attempt while the backend cannot be reached, in milliseconds. */
const RETRY_AFTER = 5_000;
const CANNOT_PLAY = 'This episode cannot be played right now.';
const NOT_LOADED = 'The audio is not loaded yet.';
const GONE = 410;

class Player {
	episode = $state<Podcast | null>(null);
	time = $state(0);
	/** Seconds; as told by the backend until the browser has measured it. */
	duration = $state(0);
	paused = $state(true);
	waiting = $state(false);
	trouble = $state<string | null>(null);
	speed = $state(speed.read());
	/** Whether the large player of its page is in view. */
	seen = $state(false);
	/** The episode as it is known now; it may have another title than when it began to play. */
	readonly current = $derived(this.episode && (podcast.known.get(this.episode.id) ?? this.episode));
	/** `trouble` for the listener: while the banner speaks of the connection, no second time. */
	readonly message = $derived(this.trouble && connection.lost ? NOT_LOADED : this.trouble);
	#audio: HTMLAudioElement | null = null;
	#renewed = false;
	/** Whether it played when it failed, so that it goes on once it can. */
	#interrupted = false;
	#retry: ReturnType<typeof setTimeout> | undefined;
	/** One tab plays at a time. */
	#tabs = openChannel<'playing'>('audiobrew.player', () => this.#yield());

	/** Take the page's one audio element. */
	attach(audio: HTMLAudioElement) {
		this.#audio = audio;
		return () => this.leave();
	}

	/** The listener is not here any more: nothing sounds, and nothing is shown on a lock screen. */
	leave() {
		clearTimeout(this.#retry);
		this.#tabs.close();
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
		if (this.episode?.id !== episode.id) return this.open(episode, positions.of(episode.id));
		return this.paused ? this.play() : this.pause();
	}

	/** Begin to listen to an episode, at a moment of it. */
	async open(episode: Podcast, at = 0) {
		clearTimeout(this.#retry);
		this.episode = episode;
		this.duration = episode.seconds ?? 0;
		this.#renewed = false;
		this.#load(episode, at);
		await this.play();
	}

	/** Go to a moment of an episode, and listen. */
	async hear(episode: Podcast, at: number) {
		if (this.episode?.id !== episode.id) return this.open(episode, at);
		this.seek(at);
		if (this.paused) await this.play();
	}

	async play() {
		if (this.trouble) return this.#renew(true);
		try {
			await this.#audio?.play();
		} catch (thrown) {
			// A newer `open` took its place, or the address has expired, which `failed` deals with.
			if (!(thrown instanceof DOMException)) throw thrown;
			if (thrown.name === 'NotAllowedError') this.paused = true;
		}
	}

	/** Another tab begins to play. */
	#yield() {
		if (!this.paused) this.pause();
	}

	/** Sound comes out: what was in the way is gone. */
	running() {
		this.#tabs.post('playing');
		this.waiting = false;
		this.#renewed = false;
		this.trouble = null;
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

	goAt(value: number) {
		this.speed = value;
		speed.keep(value);
		if (this.#audio) this.#audio.playbackRate = value;
	}

	close() {
		clearTimeout(this.#retry);
		this.trouble = null;
		this.pause();
		this.#audio?.removeAttribute('src');
		this.episode = null;
	}

	/** The audio cannot be had: its address may have expired, so ask for a new one, once. */
	async failed() {
		if (!this.episode || !this.#audio?.hasAttribute('src') || this.trouble) return;
		if (this.#renewed) this.#stop(new Trouble(CANNOT_PLAY), !this.paused);
		else await this.#renew();
	}

	/** The backend may be reached again. */
	recover() {
		if (this.trouble && this.#interrupted) void this.#renew(true);
	}

	/** Go on at the same second with an address that has not expired. */
	async #renew(playing?: boolean) {
		const id = this.episode?.id;
		if (!id) return;
		clearTimeout(this.#retry);
		this.#renewed = true;
		try {
			const episode = await podcast.fresh(id);
			if (this.episode?.id !== id) return;
			if (!episode.audio_url) throw new Trouble(CANNOT_PLAY, GONE);
			const goesOn = playing ?? !this.paused;
			this.episode = episode;
			this.#load(episode, this.time);
			if (goesOn) await this.play();
		} catch (thrown) {
			if (this.episode?.id === id) this.#stop(thrown, playing ?? !this.paused);
		}
	}

	/** Say why it stands still, and try again by itself unless the backend said that it is of no use. */
	#stop(thrown: unknown, playing: boolean) {
		this.trouble = told(thrown);
		this.#interrupted = playing;
		this.paused = true;
		this.waiting = false;
		clearTimeout(this.#retry);
		const refused = thrown instanceof Trouble && (thrown.status ?? 500) < 500;
		if (!refused) this.#retry = setTimeout(() => this.recover(), RETRY_AFTER);
	}

	#load(episode: Podcast, at: number) {
		if (!this.#audio || !episode.audio_url) return;
		this.trouble = null;
		this.time = at;
		this.#audio.src = absolute(episode.audio_url);
		this.#audio.currentTime = at;
		this.#audio.playbackRate = this.#audio.defaultPlaybackRate = this.speed;
	}

	/** `12 min left`, once something of it was heard. */
	left(episode: Podcast): string | null {
		const at = this.episode?.id === episode.id ? this.time : positions.of(episode.id);
		const left = (episode.seconds ?? 0) - at;
		return at > 15 && left > 1 ? `${length(left)} left` : null;
	}
}

export const player = perListener(() => new Player());

/** What is being listened to. One for the whole app, so that it goes on from page to page. */

import { absolute, type Podcast } from '$lib/backend';
import { length } from '$lib/time';
import { told } from '$lib/trouble';
import { podcast } from './podcast.svelte';
import { positions } from './positions';

export const BACK = 15;
export const AHEAD = 30;
export const SPEEDS = [0.8, 1, 1.2, 1.5, 1.75, 2];

class Player {
	episode = $state<Podcast | null>(null);
	time = $state(0);
	/** Seconds; as told by the backend until the browser has measured it. */
	duration = $state(0);
	paused = $state(true);
	waiting = $state(false);
	trouble = $state<string | null>(null);
	speed = $state(1);
	/** Whether the large player of its page is in view. */
	seen = $state(false);
	#audio: HTMLAudioElement | null = null;
	#renewed = false;

	/** Take the page's one audio element. */
	attach(audio: HTMLAudioElement) {
		this.#audio = audio;
		return () => {
			this.#audio = null;
			this.episode = null;
		};
	}

	async toggle(episode: Podcast) {
		if (this.episode?.id !== episode.id) return this.open(episode, positions.of(episode.id));
		return this.paused ? this.play() : this.pause();
	}

	/** Begin to listen to an episode, at a moment of it. */
	async open(episode: Podcast, at = 0) {
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
		try {
			await this.#audio?.play();
		} catch (thrown) {
			// A newer `open` took its place, or the address has expired, which `failed` deals with.
			if (!(thrown instanceof DOMException)) throw thrown;
		}
	}

	/** Sound comes out: what was in the way is gone. */
	running() {
		this.waiting = false;
		this.#renewed = false;
		this.trouble = null;
	}

	pause() {
		this.#audio?.pause();
	}

	seek(to: number) {
		if (!this.#audio) return;
		this.#audio.currentTime = this.time = Math.min(Math.max(0, to), this.duration);
	}

	skip(seconds: number) {
		this.seek(this.time + seconds);
	}

	goAt(speed: number) {
		this.speed = speed;
		if (this.#audio) this.#audio.playbackRate = speed;
	}

	close() {
		this.pause();
		this.#audio?.removeAttribute('src');
		this.episode = null;
	}

	/** The audio cannot be had: its address may have expired, so ask for a new one, once. */
	async failed() {
		if (!this.episode || !this.#audio?.hasAttribute('src')) return;
		const at = this.time;
		try {
			if (this.#renewed) throw this.#audio.error ?? new Error('audio');
			this.#renewed = true;
			this.episode = await podcast.fresh(this.episode.id);
			this.#load(this.episode, at);
			await this.play();
		} catch (thrown) {
			this.trouble = told(thrown);
		}
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

export const player = new Player();

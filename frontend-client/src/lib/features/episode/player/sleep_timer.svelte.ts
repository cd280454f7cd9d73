/** Pauses the player after some minutes, or at the end of a chapter. */

/** Minutes, or `0` for never. */
export type SleepChoice = number | 'chapter';

export const SLEEP_MINUTES = [5, 10, 15, 30, 45, 60];

export class SleepTimer {
	choice = $state<SleepChoice>(0);
	/** Whether it has paused the player, and nothing has played since. */
	hasPaused = false;
	readonly #pause: () => void;
	#timeout: ReturnType<typeof setTimeout> | undefined;
	/** Where chapters end, and the next of these ends, in seconds of the episode. */
	#ends: readonly number[] = [];
	#end = Infinity;

	constructor(pause: () => void) {
		this.#pause = pause;
	}

	set(choice: SleepChoice, ends: readonly number[], time: number) {
		this.clear();
		this.choice = choice;
		if (choice === 'chapter') {
			this.#ends = ends;
			this.moved(time);
		} else if (choice) this.#timeout = setTimeout(() => this.#sleep(), choice * 60_000);
	}

	/** Playback reached this time. */
	reached(time: number) {
		if (time >= this.#end) this.#sleep();
	}

	/** The listener went to this time: the chapter there is the one whose end counts. */
	moved(time: number) {
		if (this.choice === 'chapter') this.#end = this.#ends.find((end) => end > time) ?? Infinity;
	}

	/** The episode has ended. Whether nothing may play after it. */
	endsWithEpisode(): boolean {
		const isOver = this.hasPaused || this.choice === 'chapter';
		if (isOver) this.clear();
		return isOver;
	}

	clear() {
		clearTimeout(this.#timeout);
		this.choice = 0;
		this.#end = Infinity;
	}

	#sleep() {
		this.clear();
		this.hasPaused = true;
		this.#pause();
	}
}

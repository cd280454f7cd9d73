import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SleepTimer } from '#lib/features/episode/player/sleep_timer.svelte.ts';

const ENDS = [60, 120, 180];
const pause = vi.fn();
let timer: SleepTimer;

beforeEach(() => {
	vi.useFakeTimers();
	pause.mockReset();
	timer = new SleepTimer(pause);
});

afterEach(() => vi.useRealTimers());

test('it pauses after the minutes, once', () => {
	timer.set(5, ENDS, 10);
	vi.advanceTimersByTime(299_000);
	expect(pause).not.toHaveBeenCalled();

	vi.advanceTimersByTime(2_000);
	expect(pause).toHaveBeenCalledOnce();
	expect(timer.choice).toBe(0);
});

test('another choice replaces the first one', () => {
	timer.set(5, ENDS, 10);
	timer.set(30, ENDS, 10);
	vi.advanceTimersByTime(10 * 60_000);
	expect(pause).not.toHaveBeenCalled();

	timer.set(0, ENDS, 10);
	vi.advanceTimersByTime(60 * 60_000);
	expect(pause).not.toHaveBeenCalled();
});

test('it pauses at the end of the chapter', () => {
	timer.set('chapter', ENDS, 70);
	timer.reached(119.9);
	expect(pause).not.toHaveBeenCalled();

	timer.reached(120);
	expect(pause).toHaveBeenCalledOnce();
	timer.reached(121);
	expect(pause).toHaveBeenCalledOnce();
});

test('after a jump, the end of that chapter counts', () => {
	timer.set('chapter', ENDS, 70);
	timer.moved(150);
	timer.reached(150);
	expect(pause).not.toHaveBeenCalled();

	timer.reached(180);
	expect(pause).toHaveBeenCalledOnce();
});

test('an episode that is closed keeps no timer', () => {
	timer.set(5, ENDS, 10);
	timer.clear();
	vi.advanceTimersByTime(10 * 60_000);
	expect(pause).not.toHaveBeenCalled();
});

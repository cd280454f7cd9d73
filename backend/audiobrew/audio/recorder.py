"""Makes a clip of an utterance: speaks it, cuts the silence off, normalizes the loudness and encodes it."""

import os
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import TypeVar

import anyio.to_thread
from anyio.lowlevel import RunVar

from audiobrew.audio import mp3, pcm
from audiobrew.audio.clip import Clip, Cue
from audiobrew.audio.cues import sentence_cues
from audiobrew.audio.loudness import ENCODER_DELAY, normalize_and_encode
from audiobrew.audio.voice import ClipFailed, Sound, Utterance, Voice

T = TypeVar("T")
# Part of the keys under which clips are cached. Change it whenever the same sound would give another clip.
CLIP_FORMAT = "mp3-24000-64-mono-16lufs-1"

# Seconds that are kept before and after the audible part, so that no consonant is cut off.
MARGIN_BEFORE, MARGIN_AFTER = 0.02, 0.05
# Seconds of silence at the end of every clip. `join` adds more where the speaker or the story changes.
END_SILENCE = 0.3
# Seconds. A shorter sound is a click.
MIN_SECONDS = 0.05
# Nobody speaks even half as fast: a sound with more characters per second was cut off.
MAX_CHARACTERS_PER_SECOND = 60

_encoding: RunVar[anyio.CapacityLimiter] = RunVar("encoding")


async def make_clip(voice: Voice, utterance: Utterance) -> Clip:
    """Speak an utterance and encode it in a worker thread.

    Raises VoiceMissing, LanguageNotSpoken, ClipFailed.
    """
    sound = await voice.speak(utterance)
    try:
        return await anyio.to_thread.run_sync(
            encode_clip, utterance, sound, limiter=encoding_limiter()
        )
    except ClipFailed as problem:
        problem.units = sound.units  # the sound is paid for although it is useless
        raise


async def retry_unusable_clip(call: Callable[[], Awaitable[T]]) -> T:
    """Repeat a call that raises ClipFailed, at most as many times as the problem's `retries` says.

    Each kind of problem is counted by itself. Raises the last ClipFailed.
    """
    failures: Counter[str] = Counter()
    while True:
        try:
            return await call()
        except ClipFailed as problem:
            failures[str(problem)] += 1
            if failures[str(problem)] > problem.retries:
                raise


def encoding_limiter() -> anyio.CapacityLimiter:
    """Limits encoding to one thread per processor: more would not be faster."""
    try:
        return _encoding.get()
    except LookupError:
        _encoding.set(limiter := anyio.CapacityLimiter(os.cpu_count() or 1))
        return limiter


def encode_clip(utterance: Utterance, sound: Sound) -> Clip:
    """Cut, normalize and encode a sound. Raises ClipFailed when it is silent or too short for its text."""
    samples = sound.pcm[: len(sound.pcm) & ~1]  # a stream may end inside of a sample
    audible = pcm.audible_intervals(samples)
    if not audible:
        raise ClipFailed
    start, end = audible[0].start, audible[-1].end
    if end - start < max(MIN_SECONDS, len(utterance.text) / MAX_CHARACTERS_PER_SECOND):
        raise ClipFailed
    part = pcm.Interval(max(0.0, start - MARGIN_BEFORE), end + MARGIN_AFTER)
    mp3_frames = normalize_and_encode(pcm.cut(samples, part), pcm.silence(END_SILENCE))
    shift = ENCODER_DELAY - part.start
    cues = (
        Cue(max(0.0, cue.start + shift), cue.end + shift)
        for cue in sentence_cues(utterance, sound.words, audible)
    )
    return Clip(mp3_frames, mp3.count_frames(mp3_frames), tuple(cues), sound.units)

"""Makes a clip of an utterance: speaks it, cuts the silence off, normalizes the loudness and encodes it.

With an ear, it is listened to as well, and what cannot be understood is spoken once more.
"""

import os
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TypeVar

import anyio.to_thread
import structlog
from anyio.lowlevel import RunVar

from audiobrew.audio import mp3, pcm
from audiobrew.audio.clip import Clip, Cue
from audiobrew.audio.cues import sentence_cues
from audiobrew.audio.hearing.ear import Ear, HearingFailed
from audiobrew.audio.loudness import ENCODER_DELAY, normalize_and_encode
from audiobrew.audio.pronunciation import Pronunciation, word_key
from audiobrew.audio.voice import (
    ClipFailed,
    LanguageNotSpoken,
    Sound,
    Utterance,
    Voice,
    VoiceMissing,
)

log = structlog.get_logger()
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


# For each sentence the names and figures that an ear did not understand.
Unclear = tuple[tuple[str, ...], ...]


async def make_clip(voice: Voice, utterance: Utterance, ear: Ear | None = None) -> Clip:
    """Speak an utterance and encode it in a worker thread.

    What the ear does not understand is spoken once more with other spellings if the voice is free, and the
    clearer one is the clip. An ear that fails changes nothing.

    Raises VoiceMissing, LanguageNotSpoken, ClipFailed.
    """
    sound, clip = await record(voice, utterance)
    unclear = await listen(ear, sound, utterance) if ear else ()
    if ear and any(unclear) and voice.forecast(utterance.text, utterance.language) is None:
        clip, unclear = await retake(voice, utterance, ear, clip, unclear)
    return replace(clip, unclear=name_as_written(unclear, utterance.pronunciations))


async def record(voice: Voice, utterance: Utterance) -> tuple[Sound, Clip]:
    """Raises VoiceMissing, LanguageNotSpoken, ClipFailed."""
    sound = await voice.speak(utterance)
    try:
        clip = await anyio.to_thread.run_sync(
            encode_clip, utterance, sound, limiter=encoding_limiter()
        )
    except ClipFailed as problem:
        problem.units = sound.units  # the sound is paid for although it is useless
        raise
    return sound, clip


async def retake(
    voice: Voice, utterance: Utterance, ear: Ear, clip: Clip, unclear: Unclear
) -> tuple[Clip, Unclear]:
    """The clip, or one that is spoken with other spellings and has fewer unclear words."""
    from audiobrew.audio.hearing.respelling import respell

    says = {word for one in utterance.pronunciations for word in word_key(one.say).split()}
    respelled = respell(
        utterance, [[word for word in words if word_key(word) not in says] for words in unclear]
    )
    if respelled == utterance:
        return clip, unclear
    try:
        other_sound, other_clip = await record(voice, respelled)
    except (ClipFailed, VoiceMissing, LanguageNotSpoken):
        return clip, unclear
    other_unclear = await listen(ear, other_sound, utterance)
    is_clearer = bool(other_unclear) and count_words(other_unclear) < count_words(unclear)
    log.info("clip.repeated", unclear=count_words(unclear), clearer=is_clearer)
    return (other_clip, other_unclear) if is_clearer else (clip, unclear)


async def listen(ear: Ear, sound: Sound, utterance: Utterance) -> Unclear:
    """The unclear words of each sentence; nothing if the ear cannot listen. Logs why."""
    from audiobrew.audio.hearing.clarity import find_unclear

    try:
        text = await ear.hear(sound.pcm, utterance.language)
        if text is None:
            return ()
        return await anyio.to_thread.run_sync(
            find_unclear, utterance.sentences, text, utterance.language
        )
    except (HearingFailed, VoiceMissing) as problem:
        log.warning("ear.failed", reason=str(problem))
        return ()


def count_words(unclear: Unclear) -> int:
    return sum(map(len, unclear))


def name_as_written(unclear: Unclear, pronunciations: Sequence[Pronunciation]) -> Unclear:
    """The unclear words, with those that pronunciations put there as the script has them."""
    origins = {word: one.word for one in pronunciations for word in word_key(one.say).split()}
    return tuple(
        tuple(dict.fromkeys(origins.get(word_key(word), word) for word in words))
        for words in unclear
    )


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

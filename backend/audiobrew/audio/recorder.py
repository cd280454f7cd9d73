"""One utterance becomes one clip: spoken, cut to its sound, timed, levelled and encoded."""

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
CLIP_FORMAT = "mp3-24000-64-mono-16lufs-1"
"""Part of the paid-once key: change it whenever the same sound would give another clip."""

BEFORE, AFTER = 0.02, 0.05
"""Seconds kept around what is heard, so that no consonant is cut."""
BREATH = 0.3
"""Seconds of silence at the end of every clip; joining adds more where the speaker or the story changes."""
SHORTEST = 0.05
"""Seconds. Less than that is a click."""
MOST_CHARACTERS_A_SECOND = 60
"""Nobody speaks faster than half of that: the sound was cut off."""


_encoding: RunVar[anyio.CapacityLimiter] = RunVar("encoding")
"""As many at once as there are processors: more would only take turns."""


async def make_clip(voice: Voice, utterance: Utterance) -> Clip:
    """Off the event loop. Raises VoiceMissing, LanguageNotSpoken, ClipFailed."""
    sound = await voice.speak(utterance)
    try:
        return await anyio.to_thread.run_sync(_made, utterance, sound, limiter=_encoders())
    except ClipFailed as failed:
        failed.units = sound.units  # of no use, and paid
        raise


async def retry_unusable_clip(ask: Callable[[], Awaitable[T]]) -> T:
    """What comes of asking, again as often as each kind of trouble is worth it. Raises ClipFailed."""
    met: Counter[str] = Counter()
    while True:
        try:
            return await ask()
        except ClipFailed as failed:
            met[str(failed)] += 1
            if met[str(failed)] > failed.again:
                raise


def _encoders() -> anyio.CapacityLimiter:
    try:
        return _encoding.get()
    except LookupError:
        _encoding.set(limiter := anyio.CapacityLimiter(os.cpu_count() or 1))
        return limiter


def _made(utterance: Utterance, sound: Sound) -> Clip:
    whole = sound.pcm[: len(sound.pcm) & ~1]  # a stream may end inside of a sample
    stretches = pcm.audible_stretches(whole)
    if not stretches:
        raise ClipFailed
    part = pcm.Interval(max(0.0, stretches[0].start - BEFORE), stretches[-1].end + AFTER)
    _check(utterance, pcm.Interval(stretches[0].start, stretches[-1].end))
    encoded = normalize_and_encode(pcm.cut(whole, part), pcm.silence(BREATH))
    shift = ENCODER_DELAY - part.start
    cues = (
        Cue(max(0.0, cue.start + shift), cue.end + shift)
        for cue in sentence_cues(utterance, sound.words, stretches)
    )
    return Clip(encoded, mp3.count(encoded), tuple(cues), sound.units)


def _check(utterance: Utterance, voiced: pcm.Interval) -> None:
    fewest = len(utterance.text) / MOST_CHARACTERS_A_SECOND
    if voiced.seconds < max(SHORTEST, fewest):
        raise ClipFailed

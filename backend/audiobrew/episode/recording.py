"""The step that speaks: one clip, made once."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog

from audiobrew.audio.clip import Clip, Cue
from audiobrew.audio.recorder import CLIP_FORMAT, make_clip, retry_unusable_clip
from audiobrew.audio.utterances import SegmentUtterance, utterances_of
from audiobrew.episode.brew_context import BrewContext
from audiobrew.episode.episode import Episode
from audiobrew.models.result_cache import CachedResult, key_of
from audiobrew.models.usage import ModelResult, Usage
from audiobrew.script.script import Segment

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class RecordedClip:
    """How long a clip is, in MP3 frames, when each of its sentences is heard in it, and where it is kept."""

    media: str
    frames: int
    cues: Sequence[Cue]


def clip_key(context: BrewContext, listener: UUID, turn: SegmentUtterance) -> str:
    """Everything that shapes the sound, and whose it is."""
    said = turn.utterance
    return key_of(
        listener,
        "clip",
        voice=context.voice.name,
        format=CLIP_FORMAT,
        sentences=said.sentences,
        speaker=said.speaker,
        language=said.language,
    )


async def prerecord(context: BrewContext, episode: Episode, segments: Sequence[Segment]) -> None:
    """Make the clips of segments that were just written, while others are still being written.

    They are found again under their keys once the whole script is known. Only where a voice is far away
    and others wait for it; one on this machine is waited for by its own processor alone. All end before
    a trouble is told, so that what was paid for is kept.
    """
    every = [turn for segment in segments for turn in utterances_of(segment)]
    far = [turn for turn in every if _expected(context, turn)]
    made = (_made_ahead(context, episode, turn) for turn in far)
    for answer in await asyncio.gather(*made, return_exceptions=True):
        if isinstance(answer, BaseException):
            raise answer


async def speak(context: BrewContext, id: str, segment: int, number: int, of: int) -> str:
    """The key of one clip of a segment, kept under it."""
    episode = await context.episode(id)
    part = await context.scripts.segment(episode.id, segment)
    key = await _clip(context, episode, utterances_of(part.told())[number])
    progress = await context.episodes.progress(episode.id)
    await context.episodes.count(episode.id, 18 + 74 * (progress.done + 1) / max(of, 1))
    return key


async def _made_ahead(context: BrewContext, episode: Episode, turn: SegmentUtterance) -> None:
    await _clip(context, episode, turn)
    seconds = len(turn.utterance.text) / context.voice.pace(turn.utterance.language)
    await context.episodes.further(episode.id, round(74 * seconds / (episode.minutes * 60)), 92)


def _expected(context: BrewContext, turn: SegmentUtterance) -> Usage | None:
    return context.voice.forecast(turn.utterance.text, turn.utterance.language)


async def _clip(context: BrewContext, episode: Episode, turn: SegmentUtterance) -> str:
    key = clip_key(context, episode.listener, turn)
    expected = _expected(context, turn)

    async def made() -> ModelResult:
        async with context.room:
            log.info("voice.called", key=key)
            clip = await make_clip(context.voice, turn.utterance)
        used = Usage(expected.model, clip.units) if expected and clip.units else expected
        return ModelResult({"frames": clip.frames, "cues": _cues(clip)}, clip.mp3, used)

    await retry_unusable_clip(
        lambda: context.budgeted_calls.get_or_call(episode, "clip", key, expected, made)
    )
    log.info("clip.kept", key=key)
    return key


async def recorded_clips(context: BrewContext, keys: Iterable[str]) -> dict[str, RecordedClip]:
    """Clips that were made, by key."""
    found = await context.results.find(keys := list(keys))
    if missing := next((key for key in keys if key not in found), None):
        raise LookupError(f"the clip {missing} is gone")
    return {key: _recorded_clip(answer) for key, answer in found.items()}


def _recorded_clip(answer: CachedResult) -> RecordedClip:
    assert answer.media, "a clip has bytes"
    cues = [Cue(start, end) for start, end in answer.facts["cues"]]
    return RecordedClip(answer.media, answer.facts["frames"], cues)


def _cues(clip: Clip) -> list[tuple[float, float]]:
    return [(cue.start, cue.end) for cue in clip.cues]

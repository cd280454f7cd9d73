"""The step that speaks: one clip, made once."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog

from audiobrew.audio.clip import Clip, Cue
from audiobrew.audio.clips import CLIP_FORMAT, make_clip, until_usable
from audiobrew.audio.utterances import Turn, turns
from audiobrew.episode.episode import Episode
from audiobrew.episode.kitchen import Kitchen
from audiobrew.paying import Answer, Use
from audiobrew.script.script import Segment
from audiobrew.store.paid import Recorded, key_of

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class RecordedClip:
    """How long a clip is, in MP3 frames, when each of its sentences is heard in it, and where it is kept."""

    media: str
    frames: int
    cues: Sequence[Cue]


def clip_key(kitchen: Kitchen, listener: UUID, turn: Turn) -> str:
    """Everything that shapes the sound, and whose it is."""
    said = turn.utterance
    return key_of(
        listener,
        "clip",
        voice=kitchen.voice.name,
        format=CLIP_FORMAT,
        sentences=said.sentences,
        speaker=said.speaker,
        language=said.language,
    )


async def ahead(kitchen: Kitchen, episode: Episode, segments: Sequence[Segment]) -> None:
    """Make the clips of segments that were just written, while others are still being written.

    They are found again under their keys once the whole script is known. Only where a voice is far away
    and others wait for it; one on this machine is waited for by its own processor alone. All end before
    a trouble is told, so that what was paid for is kept.
    """
    every = [turn for segment in segments for turn in turns(segment)]
    far = [turn for turn in every if _expected(kitchen, turn)]
    made = (_made_ahead(kitchen, episode, turn) for turn in far)
    for answer in await asyncio.gather(*made, return_exceptions=True):
        if isinstance(answer, BaseException):
            raise answer


async def speak(kitchen: Kitchen, id: str, segment: int, number: int, of: int) -> str:
    """The key of one clip of a segment, kept under it."""
    episode = await kitchen.episode(id)
    part = await kitchen.scripts.segment(episode.id, segment)
    turn = turns(part.told())[number]
    key = await _clip(kitchen, episode, turn)
    told = [part.sentences[n] for n in turn.numbers]
    if any(kept.clip != key for kept in told):  # another voice since the gate
        await kitchen.scripts.heard_in(episode.id, {kept.number: key for kept in told})
    progress = await kitchen.episodes.progress(episode.id)
    await kitchen.episodes.count(episode.id, 18 + 74 * (progress.done + 1) / max(of, 1))
    return key


async def _made_ahead(kitchen: Kitchen, episode: Episode, turn: Turn) -> None:
    await _clip(kitchen, episode, turn)
    seconds = len(turn.utterance.text) / kitchen.voice.pace(turn.utterance.language)
    await kitchen.episodes.further(episode.id, round(74 * seconds / (episode.minutes * 60)), 92)


def _expected(kitchen: Kitchen, turn: Turn) -> Use | None:
    return kitchen.voice.forecast(turn.utterance.text, turn.utterance.language)


async def _clip(kitchen: Kitchen, episode: Episode, turn: Turn) -> str:
    key = clip_key(kitchen, episode.listener, turn)
    expected = _expected(kitchen, turn)

    async def made() -> Answer:
        async with kitchen.room:
            log.info("voice.called", key=key)
            clip = await make_clip(kitchen.voice, turn.utterance)
        used = Use(expected.model, clip.units) if expected and clip.units else expected
        return Answer({"frames": clip.frames, "cues": _cues(clip)}, clip.mp3, used)

    await until_usable(lambda: kitchen.till.keyed(episode, "clip", key, expected, made))
    log.info("clip.kept", key=key)
    return key


async def recorded_clips(kitchen: Kitchen, keys: Iterable[str]) -> dict[str, RecordedClip]:
    """Clips that were made, by key."""
    found = await kitchen.paid.recorded(keys := list(keys))
    if missing := next((key for key in keys if key not in found), None):
        raise LookupError(f"the clip {missing} is gone")
    return {key: _recorded_clip(answer) for key, answer in found.items()}


def _recorded_clip(answer: Recorded) -> RecordedClip:
    assert answer.media, "a clip has bytes"
    cues = [Cue(start, end) for start, end in answer.facts["cues"]]
    return RecordedClip(answer.media, answer.facts["frames"], cues)


def _cues(clip: Clip) -> list[tuple[float, float]]:
    return [(cue.start, cue.end) for cue in clip.cues]

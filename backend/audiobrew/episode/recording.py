"""The step of a brew that makes clips, each of them once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog

from audiobrew.audio.clip import Cue
from audiobrew.audio.recorder import CLIP_FORMAT, make_clip, retry_unusable_clip
from audiobrew.audio.utterances import SegmentUtterance, utterances_of
from audiobrew.episode.brew_context import BrewContext
from audiobrew.episode.episode import Episode
from audiobrew.models.result_cache import key_of
from audiobrew.models.usage import ModelResult, Usage
from audiobrew.ops.calls import gather_all
from audiobrew.script.script import Segment

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class RecordedClip:
    """A stored clip: its storage key, its length in MP3 frames, and when each of its sentences is heard.

    `unclear`: see `Clip`.
    """

    media: str
    frames: int
    cues: Sequence[Cue]
    unclear: Sequence[Sequence[str]] = ()


def clip_key(context: BrewContext, listener: UUID, spoken_part: SegmentUtterance) -> str:
    """The cache key of a clip. It covers everything that shapes the sound, and the listener.

    Not whether an ear listens: nothing is spoken or paid for again because of that.
    """
    utterance = spoken_part.utterance
    # These keyword names are part of the hash.
    return key_of(
        listener,
        "clip",
        voice=context.voice.name,
        format=CLIP_FORMAT,
        sentences=utterance.sentences,
        speaker=utterance.speaker,
        language=utterance.language,
    )


async def prerecord(context: BrewContext, episode: Episode, segments: Sequence[Segment]) -> None:
    """Make the clips of new segments while other segments are still being written.

    The step `speak` finds them under their keys later. This is only done for voices that are called over the
    network: a voice on this machine would only compete for its processor. All calls end before an error is
    raised, so that everything paid for is stored.
    """

    async def make(spoken_part: SegmentUtterance) -> None:
        await _get_or_make_clip(context, episode, spoken_part)
        utterance = spoken_part.utterance
        seconds = len(utterance.text) / context.voice.pace(utterance.language)
        points = round(74 * seconds / (episode.minutes * 60))
        await context.episodes.add_progress(episode.id, points, 92)

    pronunciations = await context.pronunciations.of(episode.listener)
    spoken_parts = [part for segment in segments for part in utterances_of(segment, pronunciations)]
    remote = [part for part in spoken_parts if _forecast(context, part)]
    await gather_all(map(make, remote))


async def speak(context: BrewContext, id: str, segment: int, number: int, total: int) -> str:
    """Make clip `number` of a segment, and return its key. `total`: the number of clips of the episode."""
    episode = await context.episode(id)
    stored_segment = await context.scripts.segment(episode.id, segment)
    pronunciations = await context.pronunciations.of(episode.listener)
    spoken_part = utterances_of(stored_segment.to_segment(), pronunciations)[number]
    key = await _get_or_make_clip(context, episode, spoken_part)
    sentences = [stored_segment.sentences[place] for place in spoken_part.numbers]
    if any(
        stored.clip != key for stored in sentences
    ):  # a voice or a word was changed since the gate
        await context.scripts.set_clips(episode.id, {stored.number: key for stored in sentences})
    progress = await context.episodes.progress(episode.id)
    await context.episodes.count(episode.id, 18 + 74 * (progress.done + 1) / max(total, 1))
    return key


def _forecast(context: BrewContext, spoken_part: SegmentUtterance) -> Usage | None:
    utterance = spoken_part.utterance
    return context.voice.forecast(utterance.text, utterance.language)


async def _get_or_make_clip(
    context: BrewContext, episode: Episode, spoken_part: SegmentUtterance
) -> str:
    key = clip_key(context, episode.listener, spoken_part)
    expected = _forecast(context, spoken_part)

    async def make() -> ModelResult:
        async with context.clip_semaphore:
            log.info("voice.called", key=key)
            clip = await make_clip(context.voice, spoken_part.utterance, context.ear)
        usage = Usage(expected.model, clip.units) if expected and clip.units else expected
        cues = [(cue.start, cue.end) for cue in clip.cues]
        unclear = {"unclear": clip.unclear} if any(clip.unclear) else {}
        return ModelResult({"frames": clip.frames, "cues": cues, **unclear}, clip.mp3, usage)

    await retry_unusable_clip(
        lambda: context.budgeted_calls.get_or_call(episode, "clip", key, expected, make)
    )
    log.info("clip.kept", key=key)
    return key


async def recorded_clips(context: BrewContext, keys: Iterable[str]) -> dict[str, RecordedClip]:
    """The clips with these keys. Raises LookupError if one was not made or was deleted."""
    results = await context.results.find(keys := list(keys))
    if missing := next((key for key in keys if key not in results), None):
        raise LookupError(f"the clip {missing} is gone")
    clips = {}
    for key, result in results.items():
        assert result.media, "a clip has bytes"
        cues = [Cue(start, end) for start, end in result.facts["cues"]]
        unclear = result.facts.get("unclear", ())
        clips[key] = RecordedClip(result.media, result.facts["frames"], cues, unclear)
    return clips

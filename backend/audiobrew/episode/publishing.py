"""The steps from clips to a finished episode."""

import asyncio
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from itertools import groupby
from pathlib import Path

import anyio.from_thread
import anyio.to_thread

from audiobrew.audio.clip import Cue
from audiobrew.audio.join import JoinedAudio, Piece, Tags, join, joined_seconds
from audiobrew.audio.utterances import SegmentUtterance, utterances_of
from audiobrew.db.stages import Stage
from audiobrew.episode.brew_context import SHOW, BrewContext
from audiobrew.episode.coverage import coverage
from audiobrew.episode.episode import BrewStopped, Episode
from audiobrew.episode.recording import clip_key, recorded_clips
from audiobrew.episode.script_store import StoredScript
from audiobrew.media.deletion_queue import Kind
from audiobrew.media.storage import Media, episode_key
from audiobrew.problems import Problem
from audiobrew.script.script import Speaker

CLOSE_ENOUGH = 0.04
"""An episode that is off by more is planned again with the pace that was measured."""
SHORT_OF = 0.08
"""A paid script that fell shorter than that is planned again; a longer one is made to fit."""
SHORT = 0.9
"""Below this share of the minutes asked, the listener is told why."""

# So many clips are fetched side by side; each is a quarter of a megabyte at most.
CLIPS_IN_MEMORY = 8


class ClipLost(Problem):
    """A part of this episode was lost from storage. Retry the episode: only that part is made again."""

    type = "clip-lost"
    status = HTTPStatus.CONFLICT


@dataclass(frozen=True, slots=True)
class _Place:
    """One clip of the episode: its key, its chapter, and the numbers of its sentences."""

    key: str
    chapter: int
    speaker: Speaker
    numbers: tuple[int, ...]


async def measure(context: BrewContext, id: str, pace: float) -> float:
    """The pace to plan with: the one given, when the minutes are met closely enough.

    Where writing costs nothing, a script that came out too long is written anew, too. A paid one is
    made to fit when it is published: telling less needs no call.
    """
    episode = await context.episode(id)
    script = await context.scripts.get(episode.id)
    off = await _seconds(context, _places(context, episode, script)) / (episode.minutes * 60)
    mails = await context.newsletters(episode)
    brief = await context.brief(episode, mails, pace)
    paid = bool(context.writer.forecast([mail.size for mail in mails], brief))
    close = off - 1 >= -SHORT_OF if paid else abs(off - 1) <= CLOSE_ENOUGH
    return pace if close else round(pace / off, 4)


async def fit(context: BrewContext, id: str) -> None:
    """Leave clips out until the minutes are met: the last of the longest story, as often as it takes."""
    episode = await context.episode(id)
    script = await context.scripts.get(episode.id)
    places = _places(context, episode, script)
    frames = await _frames(context, places)
    most = episode.minutes * 60 * (1 + CLOSE_ENOUGH)
    unsaid: list[int] = []
    while _length(places, frames) > most and (spare := _spare(script, places)):
        unsaid += spare.numbers
        places.remove(spare)
    await context.scripts.leave_out(episode.id, unsaid)


def _spare(script: StoredScript, places: Sequence[_Place]) -> _Place | None:
    """Of the story with most clips the last one, if it holds no framing and is not all there is of it."""
    every = [kept for segment in script.segments for kept in segment.sentences]
    sourced = {kept.number for kept in every if kept.sentence.cites}
    stories = [list(story) for _, story in groupby(places, key=lambda place: place.chapter)]
    able = [
        story
        for story in stories
        if sourced.issuperset(story[-1].numbers)
        and any(sourced.intersection(place.numbers) for place in story[:-1])
    ]
    return max(able, key=len)[-1] if able else None


async def publish(context: BrewContext, id: str) -> None:
    """Join the clips, keep the file, and only then call the episode ready."""
    episode = await context.episode(id)
    await context.episodes.advance(episode.id, Stage.JOINING, 0, 93)
    script = await context.scripts.get(episode.id)
    places = _places(context, episode, script)
    media = episode_key(episode.id, episode.attempt)
    with tempfile.TemporaryDirectory(dir=context.work, prefix=f"{id}-") as folder:
        file = Path(folder) / "episode.mp3"
        joined = await _join(context, episode, script, places, file)
        cues = await _cues(context, places, joined)
        await context.media.put(media, file)
    # The rows of an episode that was deleted meanwhile are gone: what follows must not fail for that.
    await context.scripts.timed(episode.id, cues, joined.chapters)
    newsletters = await context.episodes.newsletters(episode.id)
    told = coverage(script, cues, newsletters, await context.episodes.waiting(episode.id))
    if not await context.episodes.end(
        episode.id,
        Stage.READY,
        told=told.told,
        left_out=told.left_out,
        seconds=joined.seconds,
        bytes=joined.bytes,
        media=media,
        note=" ".join(filter(None, [told.note(), _note(episode, joined.seconds)])) or None,
    ):
        await context.deletions.add(Kind.MEDIA, [media])  # cancelled or deleted meanwhile
        await context.deletions.try_now(Kind.MEDIA, [media])
        raise BrewStopped
    await _learn(context, script, joined.chapters)


async def _learn(context: BrewContext, script: StoredScript, chapters: Sequence[Cue]) -> None:
    """How fast the voice spoke, in each language that it did."""
    told: dict[str, tuple[int, float]] = {}
    for segment, cue in zip(script.segments, chapters, strict=True):
        characters, seconds = told.get(segment.language, (0, 0.0))
        characters += sum(len(kept.sentence.text) + 1 for kept in segment.sentences)
        told[segment.language] = (characters, seconds + cue.end - cue.start)
    for language, (characters, seconds) in told.items():
        await context.paces.add(context.voice.name, language, characters, seconds)


def _places(context: BrewContext, episode: Episode, script: StoredScript) -> list[_Place]:
    return [
        _place(context, episode, segment.number, segment.sentences[0].number, turn)
        for segment in script.segments
        for turn in utterances_of(segment.told())
    ]


def _place(
    context: BrewContext, episode: Episode, chapter: int, first: int, turn: SegmentUtterance
) -> _Place:
    numbers = tuple(first + number for number in turn.numbers)
    key = clip_key(context, episode.listener, turn)
    return _Place(key, chapter, turn.utterance.speaker, numbers)


async def _seconds(context: BrewContext, places: Sequence[_Place]) -> float:
    return _length(places, await _frames(context, places))


async def _frames(context: BrewContext, places: Sequence[_Place]) -> dict[str, int]:
    """How long each clip is, by its key."""
    clips = await recorded_clips(context, (place.key for place in places))
    return {key: clip.frames for key, clip in clips.items()}


def _length(places: Sequence[_Place], frames: Mapping[str, int]) -> float:
    return joined_seconds((frames[place.key], place.chapter, place.speaker) for place in places)


class _Downloads:
    """Clips in the order in which they are heard; while one is written, the next ones are on their way."""

    def __init__(self, media: Media, keys: Iterable[str]) -> None:
        self._media = media
        self._keys = iter(keys)
        self._coming: deque[asyncio.Task[bytes]] = deque()

    async def next(self) -> bytes:
        """Raises FileNotFoundError."""
        while len(self._coming) < CLIPS_IN_MEMORY and (key := next(self._keys, None)):
            self._coming.append(asyncio.create_task(self._media.get(key)))
        return await self._coming.popleft()

    async def aclose(self) -> None:
        for task in self._coming:
            task.cancel()
        await asyncio.gather(*self._coming, return_exceptions=True)


async def _join(
    context: BrewContext,
    episode: Episode,
    script: StoredScript,
    places: Sequence[_Place],
    out: Path,
) -> JoinedAudio:
    """In a worker thread: few clips are in memory at a time. Raises ClipLost."""
    clips = await recorded_clips(context, (place.key for place in places))
    downloads = _Downloads(context.media, (clips[place.key].media for place in places))

    def pieces() -> Iterator[Piece]:
        for place in places:
            yield Piece(anyio.from_thread.run(downloads.next), place.chapter, place.speaker)

    chapters = tuple(segment.title for segment in script.segments)
    tags = Tags(episode.title, SHOW, episode.language or "en", chapters)
    try:
        return await anyio.to_thread.run_sync(lambda: join(pieces(), out, tags))
    except FileNotFoundError as error:
        context.results.look_again(episode.id)
        raise ClipLost from error
    finally:
        await downloads.aclose()


async def _cues(
    context: BrewContext, places: Sequence[_Place], joined: JoinedAudio
) -> dict[int, Cue]:
    """When each sentence, by number, is heard in the episode."""
    found = {}
    clips = await recorded_clips(context, (place.key for place in places))
    for place, start in zip(places, joined.starts, strict=True):
        for number, cue in zip(place.numbers, clips[place.key].cues, strict=True):
            found[number] = Cue(start + cue.start, start + cue.end)
    return found


def _note(episode: Episode, seconds: float) -> str | None:
    if seconds >= SHORT * episode.minutes * 60:
        return episode.note
    asked = _counted(episode.minutes, "minute")
    held = (
        _counted(round(seconds / 60), "minute")
        if seconds >= 90
        else _counted(round(seconds), "second")
    )
    short = f"Asked for {asked}; these newsletters hold about {held}."
    return " ".join(filter(None, [episode.note, short]))


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"

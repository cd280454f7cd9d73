"""The steps from clips to a finished episode."""

import asyncio
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from itertools import groupby
from pathlib import Path

import anyio.from_thread
import anyio.to_thread

from audiobrew.audio.clip import Cue
from audiobrew.audio.joining import Joined, Piece, Tags, join, seconds_of
from audiobrew.episode.coverage import coverage
from audiobrew.episode.episode import BrewStopped, Episode, Stage
from audiobrew.episode.kitchen import SHOW, Kitchen
from audiobrew.episode.recording import RecordedClip, recorded_clips
from audiobrew.problem import Problem
from audiobrew.script.script import Speaker, Why
from audiobrew.store.media import Media, episode_key
from audiobrew.store.pending_deletions import Kind
from audiobrew.store.scripts import KeptScript

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

    status = HTTPStatus.CONFLICT


@dataclass(frozen=True, slots=True)
class _Place:
    """One clip of the episode, its chapter, and the numbers of its sentences."""

    clip: RecordedClip
    chapter: int
    speaker: Speaker
    numbers: tuple[int, ...]


async def measure(kitchen: Kitchen, id: str, pace: float) -> float:
    """The pace to plan with: the one given, when the minutes are met closely enough.

    Where writing costs nothing, a script that came out too long is written anew, too. A paid one is
    made to fit when it is published: telling less needs no call.
    """
    episode = await kitchen.episode(id)
    script = await kitchen.scripts.get(episode.id)
    off = _length(await _places(kitchen, script)) / (episode.minutes * 60)
    mails = await kitchen.newsletters(episode)
    brief = await kitchen.brief(episode, mails, pace)
    paid = bool(kitchen.writer.forecast([mail.size for mail in mails], brief))
    close = off - 1 >= -SHORT_OF if paid else abs(off - 1) <= CLOSE_ENOUGH
    return pace if close else round(pace / off, 4)


async def fit(kitchen: Kitchen, id: str) -> None:
    """Leave clips out until the minutes are met: the last of the longest story, as often as it takes."""
    episode = await kitchen.episode(id)
    script = await kitchen.scripts.get(episode.id)
    places = await _places(kitchen, script)
    most = episode.minutes * 60 * (1 + CLOSE_ENOUGH)
    unsaid: list[int] = []
    while _length(places) > most and (spare := _spare(script, places)):
        unsaid += spare.numbers
        places.remove(spare)
    await kitchen.scripts.leave_out(episode.id, unsaid)


def _spare(script: KeptScript, places: Sequence[_Place]) -> _Place | None:
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


async def publish(kitchen: Kitchen, id: str) -> None:
    """Join the clips, keep the file, and only then call the episode ready."""
    episode = await kitchen.episode(id)
    await kitchen.episodes.advance(episode.id, Stage.JOINING, 0, 93)
    script = await kitchen.scripts.get(episode.id)
    places = await _places(kitchen, script)
    media = episode_key(episode.id, episode.attempt)
    with tempfile.TemporaryDirectory(dir=kitchen.work, prefix=f"{id}-") as folder:
        file = Path(folder) / "episode.mp3"
        joined = await _join(kitchen, episode, script, places, file)
        cues = _cues(places, joined)
        await kitchen.media.put(media, file)
    # The rows of an episode that was deleted meanwhile are gone: what follows must not fail for that.
    await kitchen.scripts.timed(episode.id, cues, joined.chapters)
    newsletters = await kitchen.episodes.newsletters(episode.id)
    told = coverage(script, cues, newsletters, await kitchen.episodes.waiting(episode.id))
    if not await kitchen.episodes.end(
        episode.id,
        Stage.READY,
        told=told.told,
        left_out=told.left_out,
        seconds=joined.seconds,
        bytes=joined.bytes,
        media=media,
        note=" ".join(filter(None, [told.note(), _note(episode, script, joined.seconds)])) or None,
    ):
        await kitchen.deletions.add(Kind.MEDIA, [media])  # cancelled or deleted meanwhile
        await kitchen.deletions.try_now(Kind.MEDIA, [media])
        raise BrewStopped
    await _learn(kitchen, script, joined.chapters)


async def _learn(kitchen: Kitchen, script: KeptScript, chapters: Sequence[Cue]) -> None:
    """How fast the voice spoke, in each language that it did."""
    told: dict[str, tuple[int, float]] = {}
    for segment, cue in zip(script.segments, chapters, strict=True):
        characters, seconds = told.get(segment.language, (0, 0.0))
        characters += sum(len(kept.sentence.text) + 1 for kept in segment.sentences)
        told[segment.language] = (characters, seconds + cue.end - cue.start)
    for language, (characters, seconds) in told.items():
        await kitchen.paces.add(kitchen.voice.name, language, characters, seconds)


async def _places(kitchen: Kitchen, script: KeptScript) -> list[_Place]:
    """The clips in the order in which they are heard.

    Each sentence knows the clip it was recorded in. To group the sentences anew would not give the same clips
    once some were left out.
    """
    told = [kept for segment in script.segments for kept in segment.sentences if kept.clip]
    clips = await recorded_clips(kitchen, (kept.clip for kept in told if kept.clip))
    places = []
    for (chapter, key), run in groupby(told, key=lambda kept: (kept.segment, kept.clip or "")):
        clip, heard = clips[key], list(run)
        # The same words twice in a row are one clip, which is heard twice.
        for first in range(0, len(heard), len(clip.cues)):
            said = heard[first : first + len(clip.cues)]
            numbers = tuple(kept.number for kept in said)
            places.append(_Place(clip, chapter, said[0].sentence.speaker, numbers))
    return places


def _length(places: Sequence[_Place]) -> float:
    return seconds_of((place.clip.frames, place.chapter, place.speaker) for place in places)


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
    kitchen: Kitchen, episode: Episode, script: KeptScript, places: Sequence[_Place], out: Path
) -> Joined:
    """In a worker thread: few clips are in memory at a time. Raises ClipLost."""
    downloads = _Downloads(kitchen.media, (place.clip.media for place in places))

    def pieces() -> Iterator[Piece]:
        for place in places:
            yield Piece(anyio.from_thread.run(downloads.next), place.chapter, place.speaker)

    chapters = tuple(segment.title for segment in script.segments)
    tags = Tags(episode.title, SHOW, episode.language or "en", chapters)
    try:
        return await anyio.to_thread.run_sync(lambda: join(pieces(), out, tags))
    except FileNotFoundError as error:
        kitchen.paid.look_again(episode.id)
        raise ClipLost from error
    finally:
        await downloads.aclose()


def _cues(places: Sequence[_Place], joined: Joined) -> dict[int, Cue]:
    """When each sentence, by number, is heard in the episode."""
    found = {}
    for place, start in zip(places, joined.starts, strict=True):
        for number, cue in zip(place.numbers, place.clip.cues, strict=True):
            found[number] = Cue(start + cue.start, start + cue.end)
    return found


def _note(episode: Episode, script: KeptScript, seconds: float) -> str | None:
    trimmed = any(lost.why == Why.TIME for lost in script.dropped)
    if trimmed or seconds >= SHORT * episode.minutes * 60:
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

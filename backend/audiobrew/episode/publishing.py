"""The steps of a brew that turn clips into a finished episode: measure, fit and publish."""

import asyncio
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import anyio.from_thread
import anyio.to_thread

from audiobrew.audio.clip import Cue
from audiobrew.audio.join import JoinedAudio, Piece, Tags, join, joined_seconds
from audiobrew.db.stages import Stage
from audiobrew.episode.brew_context import SHOW, BrewContext
from audiobrew.episode.coverage import compute_coverage
from audiobrew.episode.episode import BrewStopped, Episode
from audiobrew.episode.recording import RecordedClip, recorded_clips
from audiobrew.episode.script_store import StoredScript
from audiobrew.media.deletion_queue import Kind
from audiobrew.media.storage import Media, episode_key
from audiobrew.problems import Problem
from audiobrew.script.script import DropReason, Sentence, Speaker
from audiobrew.script.sentence_filter import depends_on_previous

# If the length is off by more than this share, the episode is planned again with the measured pace.
CLOSE_ENOUGH = 0.04
# A script that was paid for is planned again only if it is shorter by more than this share. A longer one is
# trimmed.
MAX_PAID_SHORTFALL = 0.08
# If an episode has less than this share of the ordered minutes, its note says why.
MIN_SHARE_WITHOUT_NOTE = 0.9
QUESTION_MARKS = ("?", "？", "؟")
# Clips that are downloaded concurrently. Each has a quarter of a megabyte at most.
CLIPS_IN_MEMORY = 8


class ClipLost(Problem):
    """A part of this episode was lost from storage. Retry the episode: only that part is made again."""

    type = "clip-lost"
    status = HTTPStatus.CONFLICT


@dataclass(frozen=True, slots=True)
class _PlacedClip:
    """One clip of the episode, its chapter, and the numbers of the sentences it says."""

    recording: RecordedClip
    chapter: int
    speaker: Speaker
    numbers: tuple[int, ...]


async def measure(context: BrewContext, id: str, pace: float) -> float:
    """The pace for the next plan: `pace` itself if the episode is close enough to the ordered minutes.

    A script that is too long is planned again only if writing is free. One that was paid for is trimmed when
    it is published, which needs no call.
    """
    episode = await context.episode(id)
    script = await context.scripts.get(episode.id)
    clips = await _place_clips(context, script)
    ratio = _joined_seconds(clips) / (episode.minutes * 60)
    mails = await context.newsletters(episode)
    brief = await context.brief(episode, mails, pace)
    paid = bool(context.writer.forecast([mail.size for mail in mails], brief))
    close = ratio - 1 >= -MAX_PAID_SHORTFALL if paid else abs(ratio - 1) <= CLOSE_ENOUGH
    return pace if close else round(pace / ratio, 4)


async def trim_to_length(context: BrewContext, id: str) -> None:
    """Leave out clips, each time one of the longest story, until the episode is short enough."""
    episode = await context.episode(id)
    script = await context.scripts.get(episode.id)
    clips = await _place_clips(context, script)
    most_seconds = episode.minutes * 60 * (1 + CLOSE_ENOUGH)
    left_out: list[int] = []
    while _joined_seconds(clips) > most_seconds and (spare := _spare_clip(script, clips)):
        left_out += spare.numbers
        clips.remove(spare)
    await context.scripts.leave_out(episode.id, left_out)


def _spare_clip(script: StoredScript, clips: Sequence[_PlacedClip]) -> _PlacedClip | None:
    """A clip of the story with the most clips: the last one in its middle that nothing else needs.

    If there is none, it is the story's last clip. A story counts only if its last clip holds no framing, and
    an earlier one holds something with a source.
    """
    sentences = {
        stored.number: (stored.sentence, segment.language)
        for segment in script.segments
        for stored in segment.sentences
    }
    sourced = {number for number, (sentence, _) in sentences.items() if sentence.cites}
    stories = [list(story) for _, story in groupby(clips, key=lambda clip: clip.chapter)]
    middles = [story for story in stories if any(_middle_clips(story, sentences))]
    if middles:
        return list(_middle_clips(max(middles, key=len), sentences))[-1]
    trimmable = [
        story
        for story in stories
        if sourced.issuperset(story[-1].numbers)
        and any(sourced.intersection(clip.numbers) for clip in story[:-1])
    ]
    return max(trimmable, key=len)[-1] if trimmable else None


def _middle_clips(
    story: Sequence[_PlacedClip], sentences: Mapping[int, tuple[Sentence, str]]
) -> Iterator[_PlacedClip]:
    """The clips between a story's beginning and its end that can be left out.

    They hold no framing, answer no question, and what follows can be understood without them.
    """
    sourced = [number for clip in story for number in clip.numbers if sentences[number][0].cites]
    for previous, clip, following in zip(story, story[1:], story[2:], strict=False):
        if not sourced or clip.numbers[0] <= sourced[0]:
            continue
        before = sentences[previous.numbers[-1]][0]
        after, language = sentences[following.numbers[0]]
        is_spare = all(sentences[number][0].cites for number in clip.numbers)
        asks = before.text.endswith(QUESTION_MARKS)
        if is_spare and not asks and after.cites and not depends_on_previous(after.text, language):
            yield clip


async def publish(context: BrewContext, id: str) -> None:
    """Join the clips, store the file, and only then mark the episode as ready.

    Raises ClipLost, and BrewStopped if the episode was cancelled or deleted meanwhile.
    """
    episode = await context.episode(id)
    await context.episodes.advance(episode.id, Stage.JOINING, 0, 93)
    script = await context.scripts.get(episode.id)
    clips = await _place_clips(context, script)
    media = episode_key(episode.id, episode.attempt)
    with tempfile.TemporaryDirectory(dir=context.work, prefix=f"{id}-") as folder:
        file = Path(folder) / "episode.mp3"
        joined = await _join(context, episode, script, clips, file)
        cues = _sentence_cues(clips, joined)
        await context.media.put(media, file)
    # If the episode was deleted meanwhile, its rows are gone. The next statements must not fail for that.
    await context.scripts.set_times(episode.id, cues, joined.chapters)
    newsletters = await context.episodes.newsletters(episode.id)
    waiting = await context.episodes.waiting(episode.id)
    report = compute_coverage(script, cues, newsletters, waiting)
    notes = [report.note(), _length_note(episode, script, joined.seconds)]
    if not await context.episodes.end(
        episode.id,
        Stage.READY,
        covered=report.covered,
        left_out=report.left_out,
        seconds=joined.seconds,
        bytes=joined.bytes,
        media=media,
        note=" ".join(filter(None, notes)) or None,
    ):
        await context.deletions.add(Kind.MEDIA, [media])
        await context.deletions.try_now(Kind.MEDIA, [media])
        raise BrewStopped
    await _update_paces(context, script, joined.chapters)


async def _update_paces(
    context: BrewContext, script: StoredScript, chapters: Sequence[Cue]
) -> None:
    """Record how fast the voice spoke, for each language of the script."""
    totals: dict[str, tuple[int, float]] = {}
    for segment, cue in zip(script.segments, chapters, strict=True):
        characters, seconds = totals.get(segment.language, (0, 0.0))
        characters += sum(len(stored.sentence.text) + 1 for stored in segment.sentences)
        totals[segment.language] = (characters, seconds + cue.end - cue.start)
    for language, (characters, seconds) in totals.items():
        await context.paces.add(context.voice.name, language, characters, seconds)


async def _place_clips(context: BrewContext, script: StoredScript) -> list[_PlacedClip]:
    """The clips of the episode, in the order in which they are heard.

    Each stored sentence has the key of its clip. Dividing the sentences into utterances again would not
    give the same clips once some sentences are left out.
    """
    audible = [
        (segment.number, stored.clip, stored)
        for segment in script.segments
        for stored in segment.sentences
        if stored.clip
    ]
    recordings = await recorded_clips(context, {key for _, key, _ in audible})
    clips = []
    for (chapter, key), run in groupby(audible, key=itemgetter(0, 1)):
        recording, sentences = recordings[key], [stored for _, _, stored in run]
        # The same words twice in a row are one clip, which is heard twice.
        for first in range(0, len(sentences), len(recording.cues)):
            part = sentences[first : first + len(recording.cues)]
            numbers = tuple(stored.number for stored in part)
            clips.append(_PlacedClip(recording, chapter, part[0].sentence.speaker, numbers))
    return clips


def _joined_seconds(clips: Sequence[_PlacedClip]) -> float:
    return joined_seconds((clip.recording.frames, clip.chapter, clip.speaker) for clip in clips)


class _Downloads:
    """Downloads clips in order. While one is written, the next ones are already being downloaded."""

    def __init__(self, media: Media, keys: Iterable[str]) -> None:
        self._media = media
        self._keys = iter(keys)
        self._tasks: deque[asyncio.Task[bytes]] = deque()

    async def next(self) -> bytes:
        """Raises FileNotFoundError."""
        while len(self._tasks) < CLIPS_IN_MEMORY and (key := next(self._keys, None)):
            self._tasks.append(asyncio.create_task(self._media.get(key)))
        return await self._tasks.popleft()

    async def aclose(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def _join(
    context: BrewContext,
    episode: Episode,
    script: StoredScript,
    clips: Sequence[_PlacedClip],
    out: Path,
) -> JoinedAudio:
    """Join the clips into `out`, in a worker thread, with few clips in memory. Raises ClipLost."""
    downloads = _Downloads(context.media, (clip.recording.media for clip in clips))

    def pieces() -> Iterator[Piece]:
        for clip in clips:
            yield Piece(anyio.from_thread.run(downloads.next), clip.chapter, clip.speaker)

    chapters = tuple(segment.title for segment in script.segments)
    tags = Tags(episode.title, SHOW, episode.language or "en", chapters)
    try:
        return await anyio.to_thread.run_sync(lambda: join(pieces(), out, tags))
    except FileNotFoundError as error:
        context.results.recheck_storage(episode.id)
        raise ClipLost from error
    finally:
        await downloads.aclose()


def _sentence_cues(clips: Sequence[_PlacedClip], joined: JoinedAudio) -> dict[int, Cue]:
    """When each sentence, by number, is heard, in seconds of the episode."""
    cues = {}
    for clip, start in zip(clips, joined.starts, strict=True):
        for number, cue in zip(clip.numbers, clip.recording.cues, strict=True):
            cues[number] = Cue(start + cue.start, start + cue.end)
    return cues


def _length_note(episode: Episode, script: StoredScript, seconds: float) -> str | None:
    """The episode's note. It says so if the newsletters hold much less than was ordered."""
    trimmed = any(sentence.why == DropReason.TIME for sentence in script.dropped)
    if trimmed or seconds >= MIN_SHARE_WITHOUT_NOTE * episode.minutes * 60:
        return episode.note
    expected = _with_unit(episode.minutes, "minute")
    actual = (
        _with_unit(round(seconds / 60), "minute")
        if seconds >= 90
        else _with_unit(round(seconds), "second")
    )
    sentence = f"Asked for {expected}; these newsletters hold about {actual}."
    return " ".join(filter(None, [episode.note, sentence]))


def _with_unit(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"

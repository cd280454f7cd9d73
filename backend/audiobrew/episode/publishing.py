"""The step of a brew that turns clips into a finished episode."""

import asyncio
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from http import HTTPStatus
from pathlib import Path

import anyio.from_thread
import anyio.to_thread

from audiobrew.audio.clip import Cue
from audiobrew.audio.cover import MP3_PIXELS, draw_cover
from audiobrew.audio.join import JoinedAudio, Piece, Tags, join
from audiobrew.audio.mp3 import FRAME_SECONDS
from audiobrew.audio.pace_store import PaceSample
from audiobrew.audio.pronunciation import Pronunciation, pronounce
from audiobrew.audio.speech_length import SpeechLength, speech_length
from audiobrew.audio.utterances import spoken_sentence
from audiobrew.audio.voice import Utterance
from audiobrew.db.stages import Stage
from audiobrew.episode.brew_context import SHOW, BrewContext
from audiobrew.episode.coverage import compute_coverage
from audiobrew.episode.episode import BrewStopped, Episode
from audiobrew.episode.length import PlacedClip, clip_seconds, place_clips, with_unit
from audiobrew.episode.script_store import StoredScript, StoredSegment
from audiobrew.media.deletion_queue import Kind
from audiobrew.media.storage import Media, episode_key
from audiobrew.problems import Problem
from audiobrew.script.script import DropReason

# If an episode has less than this share of the ordered minutes, its note says why.
MIN_SHARE_WITHOUT_NOTE = 0.9
# Clips that are downloaded concurrently. Each has a quarter of a megabyte at most.
CLIPS_IN_MEMORY = 8


class ClipLost(Problem):
    """A part of this episode was lost from storage. Retry the episode: only that part is made again."""

    type = "clip-lost"
    status = HTTPStatus.CONFLICT


async def publish(context: BrewContext, id: str) -> None:
    """Join the clips, store the file, and only then mark the episode as ready.

    Raises ClipLost, and BrewStopped if the episode was cancelled or deleted meanwhile.
    """
    episode = await context.episode(id)
    await context.episodes.advance(episode.id, Stage.JOINING, 0, 93)
    script = await context.scripts.get(episode.id)
    clips = await place_clips(context, script)
    media = episode_key(episode.id, episode.attempt)
    with tempfile.TemporaryDirectory(dir=context.work, prefix=f"{id}-") as folder:
        file = Path(folder) / "episode.mp3"
        joined = await _join(context, episode, script, clips, file)
        cues = _sentence_cues(clips, joined)
        await context.media.put(media, file)
    # If the episode was deleted meanwhile, its rows are gone. The next statements must not fail for that.
    await context.scripts.set_times(episode.id, cues, joined.chapters, _unclear_words(clips))
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
    await _update_paces(context, episode, script, clips)


async def _update_paces(
    context: BrewContext,
    episode: Episode,
    script: StoredScript,
    clips: Sequence[PlacedClip],
) -> None:
    """Record how fast the voice spoke, for each language of the script, without the breaks."""
    pronunciations = await context.pronunciations.of(episode.listener)
    pauses = context.pauses(episode.sounds)
    samples: dict[str, PaceSample] = {}
    for segment in script.segments:
        own = [clip for clip in clips if clip.place.chapter == segment.number]
        speech = speech_of_clips(segment, own, pronunciations)
        total = samples.get(segment.language, PaceSample())
        samples[segment.language] = PaceSample(
            total.characters + sum(len(one.sentence.text) + 1 for one in segment.sentences),
            total.seconds + clip_seconds(pauses, own) - pauses.breaks.edges,
            total.speech_characters + speech.characters,
            total.speech_seconds
            + sum(clip.recording.frames * FRAME_SECONDS for clip in own)
            - speech.pauses,
        )
    for language, sample in samples.items():
        await context.paces.add(context.voice.name, language, sample)


def speech_of_clips(
    segment: StoredSegment, clips: Sequence[PlacedClip], pronunciations: Sequence[Pronunciation]
) -> SpeechLength:
    """What the clips of a segment say."""
    texts = {stored.number: stored.sentence.text for stored in segment.sentences}
    total = SpeechLength(0, 0.0)
    for clip in clips:
        sentences = tuple(
            spoken_sentence(pronounce(texts[number], pronunciations), segment.language)
            for number in clip.numbers
        )
        total += speech_length(Utterance(sentences, clip.place.speaker, segment.language))
    return total


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
    clips: Sequence[PlacedClip],
    out: Path,
) -> JoinedAudio:
    """Join the clips into `out`, in a worker thread, with few clips in memory. Raises ClipLost."""
    downloads = _Downloads(context.media, (clip.recording.media for clip in clips))

    def pieces() -> Iterator[Piece]:
        for clip in clips:
            yield Piece(anyio.from_thread.run(downloads.next), clip.place)

    chapters = tuple(segment.title for segment in script.segments)
    language, title = episode.language or "en", episode.title
    try:
        cover = await anyio.to_thread.run_sync(draw_cover, episode.id, MP3_PIXELS)
        tags = Tags(title, SHOW, language, chapters, episode.day, cover)
        pauses = context.pauses(episode.sounds)
        return await anyio.to_thread.run_sync(join, pieces(), out, tags, pauses)
    except FileNotFoundError as error:
        context.results.recheck_storage(episode.id)
        raise ClipLost from error
    finally:
        await downloads.aclose()


def _sentence_cues(clips: Sequence[PlacedClip], joined: JoinedAudio) -> dict[int, Cue]:
    """When each sentence, by number, is heard, in seconds of the episode."""
    cues = {}
    for clip, start in zip(clips, joined.starts, strict=True):
        for number, cue in zip(clip.numbers, clip.recording.cues, strict=True):
            cues[number] = Cue(start + cue.start, start + cue.end)
    return cues


def _unclear_words(clips: Sequence[PlacedClip]) -> dict[int, Sequence[str]]:
    """The words of sentences, by number, that a recognizer did not understand."""
    return {
        number: words
        for clip in clips
        for number, words in zip(clip.numbers, clip.recording.unclear, strict=False)
        if words
    }


def _length_note(episode: Episode, script: StoredScript, seconds: float) -> str | None:
    """The episode's note. It says so if the newsletters hold much less than was ordered."""
    trimmed = any(sentence.why == DropReason.TIME for sentence in script.dropped)
    if trimmed or seconds >= MIN_SHARE_WITHOUT_NOTE * episode.minutes * 60:
        return episode.note
    expected = with_unit(episode.minutes, "minute")
    actual = (
        with_unit(round(seconds / 60), "minute")
        if seconds >= 90
        else with_unit(round(seconds), "second")
    )
    sentence = f"Asked for {expected}; these newsletters hold about {actual}."
    return " ".join(filter(None, [episode.note, sentence]))

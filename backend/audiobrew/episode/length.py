"""The steps of a brew that fit an episode to the ordered minutes: measure and fit.

An episode that is spoken at once is as long as its clips. A script in review has none yet, so its length is
estimated from what will be said.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from audiobrew.audio.clip import Cue
from audiobrew.audio.mp3 import FRAME_SECONDS
from audiobrew.audio.pauses import Pauses, Place
from audiobrew.audio.pronunciation import Pronunciation
from audiobrew.audio.speech_length import CLIP_SECONDS, speech_length
from audiobrew.audio.utterances import SegmentUtterance, utterances_of
from audiobrew.audio.voice import Utterance
from audiobrew.episode.brew_context import BrewContext
from audiobrew.episode.episode import Episode, Review
from audiobrew.episode.recording import RecordedClip, recorded_clips
from audiobrew.episode.script_store import StoredScript, StoredSegment
from audiobrew.episode.spare_sentences import QUESTION_MARKS, choose_spare_sentences
from audiobrew.script.script import Kind, Sentence
from audiobrew.script.sentence_filter import depends_on_previous

# If the length is off by more than this share, the episode is planned again with the measured pace.
CLOSE_ENOUGH = 0.04
# A script that was paid for is planned again only if it is shorter by more than this share. A longer one is
# trimmed.
MAX_PAID_SHORTFALL = 0.08
# Narrower for a script in review: its length is estimated, and the estimate may be off as well.
CLOSE_ENOUGH_IN_REVIEW = 0.02
LEFT_OUT_NOTE = "To keep to {minutes}, {sentences} of your script had to be left out."


@dataclass(frozen=True, slots=True)
class PlacedClip:
    """One clip of the episode, where it is heard, and the numbers of the sentences it says."""

    recording: RecordedClip
    place: Place
    numbers: tuple[int, ...]


async def measure(context: BrewContext, id: str, pace: float) -> float:
    """The pace for the next plan: `pace` itself if the episode is close enough to the ordered minutes.

    A script that is too long is planned again only if writing is free. One that was paid for is trimmed when
    it is published, which needs no call. No third plan is paid for.
    """
    episode = await context.episode(id)
    script = await context.scripts.get(episode.id)
    in_review = episode.review is Review.ORDERED
    clips = await (
        estimate_clips(context, episode, script) if in_review else place_clips(context, script)
    )
    pauses = context.pauses(episode.sounds)
    seconds, ordered_seconds = clip_seconds(pauses, clips), episode.minutes * 60
    excess = seconds / ordered_seconds - 1
    mails = await context.newsletters(episode)
    brief = await context.brief(episode, mails, pace)
    if context.writer.forecast([mail.size for mail in mails], brief):
        is_second_plan = pace != 1.0
        is_close = excess >= -MAX_PAID_SHORTFALL or is_second_plan
    else:
        shortfall = CLOSE_ENOUGH_IN_REVIEW if in_review else CLOSE_ENOUGH
        is_close = -shortfall <= excess <= CLOSE_ENOUGH
    if is_close:
        return pace
    # Breaks take as long at any pace.
    breaks = pauses.breaks.seconds([segment.language for segment in script.segments])
    return round(pace * max(1.0, ordered_seconds - breaks) / max(1.0, seconds - breaks), 4)


async def trim_to_length(context: BrewContext, id: str) -> None:
    """Leave out clips, each time of the longest story, until the episode is short enough.

    A script in review has no clips yet, so sentences are left out instead.
    """
    episode = await context.episode(id)
    script = await context.scripts.get(episode.id)
    if episode.review is Review.ORDERED:
        clips = await estimate_clips(context, episode, script)
        await context.scripts.leave_out(
            episode.id, _spare_numbers(context, episode, script, clips, CLOSE_ENOUGH_IN_REVIEW)
        )
        return
    clips = await place_clips(context, script)
    most_seconds, pauses = episode.minutes * 60 * (1 + CLOSE_ENOUGH), context.pauses(episode.sounds)
    left_out: list[int] = []
    while clip_seconds(pauses, clips) > most_seconds and (spare := _spare_clips(script, clips)):
        left_out += [number for clip in spare for number in clip.numbers]
        clips = [clip for clip in clips if clip not in spare]
    await context.scripts.leave_out(episode.id, left_out)


async def find_spare_sentences(context: BrewContext, id: str) -> list[int]:
    """The numbers of sentences that make a script too long, which was approved and is spoken.

    What its listener wrote or restored is not among them.
    """
    episode = await context.episode(id)
    script = await context.scripts.get(episode.id)
    clips = await place_clips(context, script)
    return _spare_numbers(context, episode, script, clips, CLOSE_ENOUGH)


async def leave_out(context: BrewContext, id: str, numbers: Sequence[int]) -> None:
    """Leave these sentences of an approved script out, and tell its listener."""
    episode = await context.episode(id)
    await context.scripts.leave_out(episode.id, numbers)
    note = LEFT_OUT_NOTE.format(
        sentences=with_unit(len(numbers), "sentence"), minutes=with_unit(episode.minutes, "minute")
    )
    if note not in (episode.note or ""):  # this step may run twice
        note = " ".join(filter(None, [episode.note, note]))
        await context.episodes.update_open(episode.id, note=note)


async def pause(context: BrewContext, id: str) -> None:
    """Let the script wait for its listener."""
    episode = await context.episode(id)
    await context.episodes.pause(episode.id)


def with_unit(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def _spare_numbers(
    context: BrewContext,
    episode: Episode,
    script: StoredScript,
    clips: Sequence[PlacedClip],
    tolerance: float,
) -> list[int]:
    seconds = clip_seconds(context.pauses(episode.sounds), clips)
    ordered_seconds = episode.minutes * 60
    if seconds <= ordered_seconds * (1 + tolerance):
        return []
    lengths = {
        number: cue.end - cue.start
        for clip in clips
        for number, cue in zip(clip.numbers, clip.recording.cues, strict=True)
    }
    return choose_spare_sentences(
        script, lengths, seconds - ordered_seconds, tolerance * ordered_seconds
    )


def _spare_clips(script: StoredScript, clips: Sequence[PlacedClip]) -> Sequence[PlacedClip]:
    """A clip of the story with the most clips: the last one in its middle that nothing else needs.

    If there is none, it is the end of such a story, as short as possible. Empty if nothing can be left out.
    """
    sentences = {
        stored.number: (stored.sentence, segment.language)
        for segment in script.segments
        for stored in segment.sentences
    }
    stories = [list(story) for _, story in groupby(clips, key=lambda clip: clip.place.chapter)]
    middles = [story for story in stories if any(_middle_clips(story, sentences))]
    if middles:
        return list(_middle_clips(max(middles, key=len), sentences))[-1:]
    endings = [(story, ending) for story in stories if (ending := _end_of(story, sentences))]
    return max(endings, key=lambda pair: (-len(pair[1]), len(pair[0])), default=((), ()))[1]


def _middle_clips(
    story: Sequence[PlacedClip], sentences: Mapping[int, tuple[Sentence, str]]
) -> Iterator[PlacedClip]:
    """The clips between a story's beginning and its end that can be left out.

    They hold no framing, follow no announcement, answer no question, and what follows can be understood
    without them.
    """
    for previous, clip, following in zip(story, story[1:], story[2:], strict=False):
        after, language = sentences[following.numbers[0]]
        is_spare = all(sentences[number][0].cites for number in clip.numbers)
        is_free = after.kind is Kind.SOURCED and not depends_on_previous(after.text, language)
        if is_spare and is_free and _can_end(previous, sentences):
            yield clip


def _end_of(
    story: Sequence[PlacedClip], sentences: Mapping[int, tuple[Sentence, str]]
) -> Sequence[PlacedClip]:
    """The fewest clips at a story's end without which it still ends with something that has a source.

    An announcement in a round-up is left out together with what it announces, or stays with it. The first
    story keeps its announcements: headlines with sources precede them.
    """
    starts = (n for n in range(len(story) - 1, 0, -1) if _can_end(story[n - 1], sentences))
    ending = story[next(starts, len(story)) :]
    is_first = story[0].place.chapter == 0
    needs_source = ending if is_first else ending[-1:]
    numbers = [number for clip in needs_source for number in clip.numbers]
    return ending if all(sentences[number][0].cites for number in numbers) else ()


def _can_end(clip: PlacedClip, sentences: Mapping[int, tuple[Sentence, str]]) -> bool:
    """Whether what follows a clip can be left out: it ends neither with framing nor with a question."""
    last, _ = sentences[clip.numbers[-1]]
    return bool(last.cites) and not last.text.endswith(QUESTION_MARKS)


async def place_clips(context: BrewContext, script: StoredScript) -> list[PlacedClip]:
    """The clips of the episode, in the order in which they are heard.

    Each stored sentence has the key of its clip. Dividing the sentences into utterances again would not
    give the same clips once some sentences are left out.
    """
    audible = [
        (segment, stored.clip, stored)
        for segment in script.segments
        for stored in segment.sentences
        if stored.clip
    ]
    recordings = await recorded_clips(context, {key for _, key, _ in audible})
    clips = []
    for (segment, key), run in groupby(audible, key=itemgetter(0, 1)):
        recording, sentences = recordings[key], [stored for _, _, stored in run]
        # The same words twice in a row are one clip, which is heard twice.
        for first in range(0, len(sentences), len(recording.cues)):
            part = sentences[first : first + len(recording.cues)]
            numbers = tuple(stored.number for stored in part)
            place = Place(segment.number, segment.language, part[0].sentence.speaker)
            clips.append(PlacedClip(recording, place, numbers))
    return clips


async def estimate_clips(
    context: BrewContext, episode: Episode, script: StoredScript
) -> list[PlacedClip]:
    """The clips that the script will have, with the lengths that are expected."""
    pronunciations = await context.pronunciations.of(episode.listener)
    paces = await context.speech_paces({segment.language for segment in script.segments})
    return [
        clip
        for segment in script.segments
        for clip in _estimate_segment(segment, pronunciations, paces[segment.language])
    ]


def _estimate_segment(
    segment: StoredSegment, pronunciations: Sequence[Pronunciation], pace: float
) -> Iterator[PlacedClip]:
    for part in utterances_of(segment.to_segment(), pronunciations):
        utterance = part.utterance
        seconds = speech_length(utterance).seconds(pace)
        recording = RecordedClip("", round(seconds / FRAME_SECONDS), _estimate_cues(part, pace))
        numbers = tuple(segment.sentences[place].number for place in part.numbers)
        place = Place(segment.number, segment.language, utterance.speaker)
        yield PlacedClip(recording, place, numbers)


def _estimate_cues(part: SegmentUtterance, pace: float) -> list[Cue]:
    """When each sentence of an utterance begins and ends."""
    cues, start = [], 0.0
    for sentence in part.utterance.sentences:
        single = Utterance((sentence,), part.utterance.speaker, part.utterance.language)
        end = start + speech_length(single).seconds(pace) - CLIP_SECONDS
        cues.append(Cue(start, end))
        start = end
    return cues


def clip_seconds(pauses: Pauses, clips: Sequence[PlacedClip]) -> float:
    """The length of the episode that these clips make."""
    return pauses.seconds((clip.recording.frames, clip.place) for clip in clips)

"""A script that waits for its listener, who edits and removes sentences before it is spoken."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import anyio.to_thread

from audiobrew.audio.utterances import utterances_of
from audiobrew.db.stages import Stage
from audiobrew.episode.brew_context import BrewContext
from audiobrew.episode.episode import Episode, NotInReview, SentenceNotFound, SentenceNotSupported
from audiobrew.episode.length import clip_seconds, estimate_clips
from audiobrew.episode.script_store import StoredScript, StoredSentence
from audiobrew.lang.cldr import import_babel
from audiobrew.script.gate.gate import find_rejections
from audiobrew.script.script import DropReason, Kind, Rejection, Sentence


@dataclass(frozen=True, slots=True)
class ReviewEstimate:
    """How long the script is, and what it will cost to speak it: millionths of a dollar, or None if the
    voice has no price."""

    seconds: float
    amount: int | None


async def edit_sentence(
    context: BrewContext, episode: Episode, number: int, text: str | None, removed: bool | None
) -> None:
    """Change the text of a sentence, remove it or restore it. None leaves it as it is.

    A new text must pass the gate. Only sentences that cite a source can have one.

    Raises NotInReview, SentenceNotFound, SentenceNotSupported.
    """
    if episode.stage is not Stage.REVIEW:
        raise NotInReview
    script = await context.scripts.get(episode.id)
    all_sentences = [one for segment in script.segments for one in segment.sentences]
    stored = next((one for one in (*all_sentences, *script.removed) if one.number == number), None)
    if stored is None:
        raise SentenceNotFound
    sentence = stored.sentence
    if text is not None and text != sentence.text:
        sentence = await _check(context, episode, script, stored, text)
    was_removed = stored in script.removed
    is_removed = was_removed if removed is None else removed
    is_restored = was_removed and not is_removed
    is_kept = stored.is_kept or is_restored or sentence.text != stored.sentence.text
    await context.scripts.edit(episode.id, number, sentence, is_removed=is_removed, is_kept=is_kept)


async def _check(
    context: BrewContext,
    episode: Episode,
    script: StoredScript,
    stored: StoredSentence,
    text: str,
) -> Sentence:
    """The sentence with its new text, which no model has judged. Raises SentenceNotSupported."""
    if not stored.sentence.cites:
        raise SentenceNotSupported(
            "This sentence leads from one story to the next and has no source. You can remove it."
        )
    segment = script.segments[stored.segment].to_segment()
    mails = await context.mails_of(episode)
    brief = await context.brief(episode, mails, 1.0)
    newsletters = [mail.newsletter for mail in mails]
    import_babel()

    def find(sentence: Sentence) -> list[Rejection]:
        return find_rejections(replace(segment, sentences=(sentence,)), newsletters, brief)

    sentence = replace(stored.sentence, text=text, verdict=None)
    rejections = await anyio.to_thread.run_sync(find, sentence)
    if sentence.kind is Kind.DIFFERENCE and is_in_other_words(rejections):
        sentence = replace(sentence, kind=Kind.SOURCED)
        rejections = await anyio.to_thread.run_sync(find, sentence)
    if rejections and (missing := rejections[0].missing):
        words = "”, “".join(missing)
        raise SentenceNotSupported(
            f"The newsletter does not say “{words}”. Keep to what its source says, or remove the sentence."
        )
    if rejections:
        raise SentenceNotSupported
    return sentence


def is_in_other_words(rejections: Sequence[Rejection]) -> bool:
    """Whether a sentence about two newsletters is no longer one of the forms for a difference.

    It is then checked like every sentence that cites blocks.
    """
    return any(rejection.reason is DropReason.FRAMING for rejection in rejections)


async def estimate_review(
    context: BrewContext, episode: Episode, script: StoredScript
) -> ReviewEstimate:
    """The length of the script as it is now, and the cost of its clips."""
    clips = await estimate_clips(context, episode, script)
    pronunciations = await context.pronunciations.of(episode.listener)
    utterances = [
        part.utterance
        for stored in script.segments
        for part in utterances_of(stored.to_segment(), pronunciations)
    ]
    usages = [context.voice.forecast(one.text, one.language) for one in utterances]
    prices = context.budgeted_calls.prices
    paid = [usage for usage in usages if usage]
    has_prices = all(map(prices.covers, paid))
    amount = sum(map(prices.amount, paid)) if has_prices else None
    seconds = clip_seconds(context.pauses(episode.sounds), clips)
    return ReviewEstimate(round(seconds, 1), amount)

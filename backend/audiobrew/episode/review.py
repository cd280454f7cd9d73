"""A script that waits for its listener, who edits and removes sentences before it is spoken."""

from dataclasses import dataclass, replace

import anyio.to_thread

from audiobrew.audio.utterances import utterances_of
from audiobrew.db.stages import Stage
from audiobrew.episode.brew_context import BrewContext
from audiobrew.episode.episode import Episode, NotInReview, SentenceNotFound, SentenceNotSupported
from audiobrew.episode.script_store import StoredScript, StoredSentence
from audiobrew.lang.cldr import import_babel
from audiobrew.models.usage import Usage
from audiobrew.script.gate.gate import find_rejections
from audiobrew.script.script import Kind


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
    if text is not None and text != stored.sentence.text:
        await _check(context, episode, script, stored, text)
    is_removed = stored in script.removed if removed is None else removed
    new_text = stored.sentence.text if text is None else text
    await context.scripts.edit(episode.id, number, new_text, removed=is_removed)


async def _check(
    context: BrewContext,
    episode: Episode,
    script: StoredScript,
    stored: StoredSentence,
    text: str,
) -> None:
    """Raises SentenceNotSupported."""
    if stored.sentence.kind is not Kind.SOURCED:
        raise SentenceNotSupported(
            "This sentence leads from one story to the next and has no source. You can remove it."
        )
    segment = script.segments[stored.segment].to_segment()
    mails = await context.mails_of(episode)
    brief = await context.brief(episode, mails, 1.0)
    import_babel()
    edited = replace(segment, sentences=(replace(stored.sentence, text=text),))
    newsletters = [mail.newsletter for mail in mails]
    rejections = await anyio.to_thread.run_sync(find_rejections, edited, newsletters, brief)
    if rejections and (missing := rejections[0].missing):
        words = "”, “".join(missing)
        raise SentenceNotSupported(
            f"The newsletter does not say “{words}”. Keep to what its source says, or remove the sentence."
        )
    if rejections:
        raise SentenceNotSupported


async def estimate_review(
    context: BrewContext, episode: Episode, script: StoredScript
) -> ReviewEstimate:
    """The length of the script as it is now, and the cost of its clips."""
    seconds = 0.0
    usages: list[Usage | None] = []
    for stored in script.segments:
        segment = stored.to_segment()
        pace = context.voice.pace(segment.language)
        seconds += sum(len(sentence.text) + 1 for sentence in segment.sentences) / pace
        utterances = [part.utterance for part in utterances_of(segment)]
        usages += [context.voice.forecast(one.text, one.language) for one in utterances]
    prices = context.budgeted_calls.prices
    paid = [usage for usage in usages if usage]
    has_prices = all(map(prices.covers, paid))
    return ReviewEstimate(round(seconds, 1), sum(map(prices.amount, paid)) if has_prices else None)

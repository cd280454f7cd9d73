"""The steps of a brew that turn mails into a checked script: gather, plan, write and gate."""

import dataclasses
from collections.abc import Callable, Collection, Sequence
from http import HTTPStatus
from typing import Any

import anyio.to_thread

from audiobrew.audio.utterances import SegmentUtterance, utterances_of
from audiobrew.db.json_codec import from_json, to_json
from audiobrew.db.stages import Stage
from audiobrew.episode import recording
from audiobrew.episode.brew_context import BrewContext
from audiobrew.episode.episode import Episode, Review
from audiobrew.episode.lengthening import lengthen
from audiobrew.episode.recording import clip_key
from audiobrew.inbox.coverage import LeftOut
from audiobrew.lang.language import language_or_default
from audiobrew.mail.mail import StoredMail
from audiobrew.mail.newsletter import Newsletter
from audiobrew.models.result_cache import key_of
from audiobrew.models.usage import ModelResult
from audiobrew.ops.calls import gather_all
from audiobrew.problems import Problem
from audiobrew.script.block_languages import count_short_texts, count_unspoken
from audiobrew.script.gate.gate import check_script, find_rejections
from audiobrew.script.judging import judge_segment
from audiobrew.script.memory import related_stories
from audiobrew.script.nothing_to_tell import (
    EVERYTHING_REMOVED,
    INAUDIBLE,
    count_of,
    explain_repeats,
)
from audiobrew.script.partition import partition
from audiobrew.script.script import DropReason, Rejection, Script, Segment, Sentence, Speaker
from audiobrew.script.writer import Brief, HostRoles, NothingToTell, Rundown, Story

# How many parts a script is divided into. They are written concurrently.
PARTS = 8


class NewslettersChanged(Problem):
    """Newsletters of this episode were deleted or cut while it was being written. Retry it: it tells what is
    there now."""

    type = "newsletters-changed"
    status = HTTPStatus.CONFLICT


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """The segments that one step `write` wrote, and the sentences that were replaced or left out."""

    segments: tuple[Segment, ...]
    dropped: tuple[Rejection, ...] = ()


async def gather(context: BrewContext, id: str) -> int | list[int]:
    """Count the newsletters to tell, and record which are in a language that the voice does not speak.

    If the listener has approved the script, nothing else is left to do than to speak it: returns the number
    of clips that each segment needs, instead.

    Raises NothingToBrew, PriceUnknown, NothingToTell.
    """
    episode = await context.episode(id)
    if episode.review is Review.APPROVED:
        return await _prepare_approved(context, episode)
    await context.episodes.advance(episode.id, Stage.GATHERING, 0, 1)
    ordered_mails = await context.mails_of(episode)
    unspeakable = await context.unspeakable(episode, ordered_mails)
    # If the listener chose the episode's language, that choice is the reason, not the newsletter's language.
    if episode.asked_language is None:
        left_out = {mail.id: LeftOut.LANGUAGE for mail in unspeakable}
        await context.episodes.leave_out(episode.id, left_out)
    mails = context.speakable(ordered_mails, unspeakable)
    await context.check_prices(episode, mails)
    notes = []
    if unspeakable:
        senders = ", ".join(sorted({mail.newsletter.sender for mail in unspeakable}))
        notes.append(f"Left out, because the voice does not speak its language: {senders}.")
    if episode.asked_language is None:
        notes += await anyio.to_thread.run_sync(
            _describe_unspoken_sections, _newsletters(mails), context.voice.speaks
        )
    note = " ".join(notes) or None
    await context.episodes.update_open(episode.id, note=note, mail_count=len(mails))
    return len(mails)


def _describe_unspoken_sections(
    newsletters: Sequence[Newsletter], speaks: Callable[[str], bool]
) -> list[str]:
    """What is left out of newsletters because of its language, at most two sentences for each."""
    sentences = []
    for newsletter in newsletters:
        for reason, counts in (
            ("the voice does not speak the language", count_unspoken(newsletter, speaks)),
            ("it is too short to be told in its language", count_short_texts(newsletter, speaks)),
        ):
            parts = [
                f"{count_of(count, 'paragraph')} in {language_or_default(code).prompt_name or code}"
                for code, count in sorted(counts.items())
            ]
            if parts:
                sentences.append(
                    f"Left out of {newsletter.sender}, because {reason}: {', '.join(parts)}."
                )
    return sentences


async def plan(context: BrewContext, id: str, pace: float) -> tuple[str, list[list[int]]]:
    """Choose the stories. `pace` is a factor; see `BrewContext.brief`.

    Returns the key of the rundown, and the numbers of its stories, in parts that are written concurrently.
    Raises NothingToTell.
    """
    episode = await context.episode(id)
    await context.episodes.advance(episode.id, Stage.PLANNING, 0, 2)
    mails = await context.newsletters(episode)
    newsletters, brief = _newsletters(mails), await context.brief(episode, mails, pace)
    call_once = context.budgeted_calls.for_episode(episode)

    digests = {mail.id: mail.newsletter.digest for mail in mails}
    first = await context.episodes.first(episode.id)
    again = await context.episodes.ordered_again(episode.id)
    stories = await context.scripts.heard_stories(episode.listener, episode.id, episode.created_at)
    # What is told all the same is planned as ever, so that the same order again finds what was paid for.
    fresh = [mail.newsletter for mail in mails if mail.id not in again]
    memory = await anyio.to_thread.run_sync(related_stories, stories, fresh)
    brief = dataclasses.replace(
        brief,
        first=tuple(digests[id] for id in first if id in digests),
        memory=memory,
        again=tuple(sorted(digests[id] for id in again if id in digests)) if memory else (),
        is_selection=episode.mails_chosen and bool(memory),
        always_first=await context.mails.list_always_first(episode.listener, newsletters),
    )

    async def make() -> ModelResult:
        return ModelResult(to_json(await context.writer.plan(newsletters, brief, call_once)))

    # Only what changes the plan is part of its key: without memory the key is as it always was.
    order: dict[str, object] = {"first": brief.first} if brief.first else {}
    if brief.memory:
        order |= {"memory": [to_json(story) for story in brief.memory], "again": brief.again}
    if brief.always_first:
        order["always_first"] = brief.always_first
    if brief.is_selection:
        order["is_selection"] = True
    if restored := [block.id for one in newsletters for block in one.blocks if block.restored]:
        order["restored"] = restored
    more = {"voice": context.voice.name, "pace": pace, **order}
    key = _result_key(context, episode, "rundown", newsletters, brief, **more)
    try:
        facts = await context.budgeted_calls.get_or_call(episode, "rundown", key, None, make)
    except NothingToTell:
        every_digest = [newsletter.digest for newsletter in newsletters]
        await _leave_out_empty(context, episode, mails, brief, every_digest)
        raise
    rundown = from_json(Rundown, facts)
    await _leave_out_empty(context, episode, mails, brief, rundown.empty)
    repeated = {mail.id: LeftOut.REPEAT for mail in mails if digests[mail.id] in rundown.repeated}
    await context.episodes.leave_out(episode.id, repeated)
    if not rundown.stories:
        script = Script(rundown.title, rundown.language, ())
        await context.scripts.save(episode.id, script, _repeats(rundown), mails)
        raise NothingToTell(explain_repeats([repeat.earlier.day for repeat in rundown.repeats]))
    title = {} if episode.title_chosen else {"title": rundown.title}
    await context.episodes.update_open(episode.id, language=rundown.language, **title)
    parts = partition([story.characters for story in rundown.stories], PARTS)
    await context.episodes.advance(episode.id, Stage.WRITING, len(parts), 4)
    return key, parts


async def _leave_out_empty(
    context: BrewContext,
    episode: Episode,
    mails: Sequence[StoredMail],
    brief: Brief,
    digests: Collection[str],
) -> None:
    """Leave out newsletters with nothing to tell, so that they do not come first in the next order.

    If a model found nothing in any of them, it may do better another time, so they count as refused. A writer
    that works by rules never will, so they count as empty.
    """
    sizes = [mail.size for mail in mails]
    is_model = bool(context.writer.forecast(sizes, brief))
    reason = LeftOut.REFUSED if len(digests) == len(sizes) and is_model else LeftOut.EMPTY
    left_out = {mail.id: reason for mail in mails if mail.newsletter.digest in digests}
    await context.episodes.leave_out(episode.id, left_out)


async def write(
    context: BrewContext, id: str, pace: float, rundown_key: str, numbers: Sequence[int], total: int
) -> str:
    """Write the stories with these `numbers`. Returns the key of the part.

    `total`: the number of stories of the episode. What the gate would reject is rewritten once.

    Raises NewslettersChanged.
    """
    episode = await context.episode(id)
    mails = await context.newsletters(episode)
    newsletters, brief = _newsletters(mails), await context.brief(episode, mails, pace)
    rundown = await _stored_rundown(context, rundown_key)
    block_ids = {block.id for newsletter in newsletters for block in newsletter.uncut_blocks}
    if not block_ids.issuperset(
        block for number in numbers for block in rundown.stories[number].blocks
    ):
        raise NewslettersChanged

    async def make() -> ModelResult:
        segments = await _write_segments(context, episode, rundown, numbers, newsletters, brief)
        return ModelResult(to_json(Part(tuple(segments))))

    question = _part_question(rundown, numbers)
    own = [newsletter for newsletter in newsletters if newsletter.digest in question["digests"]]
    key = _result_key(context, episode, "segment", own, brief, minutes=0, **question)
    facts = await context.budgeted_calls.get_or_call(episode, "segment", key, None, make)
    part = from_json(Part, facts)
    await context.episodes.count(episode.id, 4 + 10 * (numbers[-1] + 1) / total)

    async def prerecord(part: Part, *, has_verdicts: bool) -> None:
        if episode.review is None:
            segments = await anyio.to_thread.run_sync(
                _without_rejections, part, newsletters, brief, not has_verdicts
            )
            await recording.prerecord(context, episode, segments)

    if not context.writer.judges:
        await prerecord(part, has_verdicts=True)
        return key

    async def make_verdicts() -> ModelResult:
        return ModelResult(to_json(await _judge_part(context, episode, part, newsletters, brief)))

    async def judge() -> Part:
        facts = await context.budgeted_calls.get_or_call(
            episode, "segment", judged_key, None, make_verdicts
        )
        return from_json(Part, facts)

    # The judge works while the voice speaks. What it rejects is spoken again in other words.
    judged_key = key_of(episode.listener, "judged", part=key, writer=context.writer.name)
    judged_part, _ = await gather_all([judge(), prerecord(part, has_verdicts=False)])
    assert judged_part, "a judge returns a part"
    await prerecord(judged_part, has_verdicts=True)
    return judged_key


async def _judge_part(
    context: BrewContext,
    episode: Episode,
    part: Part,
    newsletters: Sequence[Newsletter],
    brief: Brief,
) -> Part:
    """The part with the writer's verdicts, and with source sentences where sentences failed twice."""
    call_once = context.budgeted_calls.for_episode(episode)
    results = await gather_all(
        judge_segment(segment, context.writer, newsletters, brief, call_once)
        for segment in part.segments
    )
    return Part(
        tuple(result.segment for result in results),
        tuple(rejection for result in results for rejection in result.dropped),
    )


async def _write_segments(
    context: BrewContext,
    episode: Episode,
    rundown: Rundown,
    numbers: Sequence[int],
    newsletters: Sequence[Newsletter],
    brief: Brief,
) -> list[Segment]:
    call_once, writer = context.budgeted_calls.for_episode(episode), context.writer
    segments = []
    new_segments = await writer.write(rundown, numbers, newsletters, brief, call_once)
    for number, segment in zip(numbers, new_segments, strict=True):
        rejections = await anyio.to_thread.run_sync(find_rejections, segment, newsletters, brief)
        if writer.judges:  # it decides where the rules are in doubt
            rejections = [rejection for rejection in rejections if not rejection.doubtful]
        if rejections:
            segment = await writer.reword(segment, rejections, newsletters, brief, call_once)
        chosen_because = rundown.stories[number].chosen_because
        segments.append(dataclasses.replace(segment, chosen_because=chosen_because))
    return segments


def _without_rejections(
    part: Part, newsletters: Sequence[Newsletter], brief: Brief, keep_doubtful: bool
) -> list[Segment]:
    """The segments without the sentences that the gate will reject.

    `keep_doubtful`: keep what a judge is still to decide, because it most often supports it.
    """
    segments = []
    for segment in part.segments:
        rejections = find_rejections(segment, newsletters, brief)
        rejected = {
            id(rejection.sentence)
            for rejection in rejections
            if not (keep_doubtful and rejection.doubtful)
        }
        sentences = tuple(one for one in segment.sentences if id(one) not in rejected)
        if any(sentence.cites for sentence in sentences):
            segments.append(dataclasses.replace(segment, sentences=sentences))
    return segments


def story_question(story: Story) -> dict[str, Any]:
    """What the text of a story depends on: not on the words for which it was chosen."""
    fields = to_json(story)
    del fields["chosen_because"]
    return fields


def _part_question(rundown: Rundown, numbers: Sequence[int]) -> dict[str, Any]:
    """What the text of a part depends on: its own stories and the titles of the stories beside it."""
    stories = [rundown.stories[number] for number in numbers]
    beside = [*rundown.stories[: numbers[0]][-1:], *rundown.stories[numbers[-1] + 1 :][:1]]
    return {
        "stories": [story_question(story) for story in stories],
        "digests": sorted({digest for story in stories for digest in story.newsletters}),
        "first": numbers[0],
        "last": numbers[-1] + 1 == len(rundown.stories),
        "beside": [story.title for story in beside],
    }


async def gate(
    context: BrewContext, id: str, pace: float, rundown_key: str, keys: Sequence[str]
) -> list[int] | None:
    """Check the parts with these `keys`, and store the script.

    Returns the number of clips that each segment needs, or None if the listener wants to read the script
    before it is spoken. Raises NothingToTell if no sentence is left.
    """
    episode = await context.episode(id)
    await context.episodes.advance(episode.id, Stage.CHECKING, 0, 15)
    rundown = await _stored_rundown(context, rundown_key)
    mails = await context.newsletters(episode)
    parts = [from_json(Part, await _stored_facts(context, key)) for key in keys]
    segments = tuple(segment for part in parts for segment in part.segments)
    script = Script(rundown.title, rundown.language, segments)
    brief = await context.brief(episode, mails, pace)
    newsletters = _newsletters(mails)
    checked = await anyio.to_thread.run_sync(check_script, script, newsletters, brief)
    longer = await lengthen(context, episode, script, checked.script, rundown.stories)
    if longer is not script:
        checked = await anyio.to_thread.run_sync(check_script, longer, newsletters, brief)
    pronunciations = await context.pronunciations.of(episode.listener)
    # A segment without utterances has nothing that can be said aloud.
    audible = [
        (segment, utterances)
        for segment in checked.script.segments
        if (utterances := utterances_of(segment, pronunciations))
    ]
    if not audible:
        digests = {digest for story in rundown.stories for digest in story.newsletters}
        refused = {mail.id: LeftOut.REFUSED for mail in mails if mail.newsletter.digest in digests}
        await context.episodes.leave_out(episode.id, refused)
        raise NothingToTell(INAUDIBLE)
    script = dataclasses.replace(checked.script, segments=tuple(segment for segment, _ in audible))
    judged = (rejection for part in parts for rejection in part.dropped)
    dropped = (*judged, *checked.dropped, *_repeats(rundown), *_suspects(rundown))
    await context.scripts.save(episode.id, script, dropped, mails)
    if episode.review is Review.ORDERED:
        return None
    return await _begin_speaking(context, episode, audible)


async def _prepare_approved(context: BrewContext, episode: Episode) -> list[int]:
    """Number the script again, without what was left out. Raises NothingToTell."""
    stored = await context.scripts.get(episode.id)
    pronunciations = await context.pronunciations.of(episode.listener)
    audible = []
    keeps: list[bool] = []
    for stored_segment in stored.segments:
        segment = stored_segment.to_segment()
        utterances = utterances_of(segment, pronunciations)
        if utterances and any(one.cites for one in segment.sentences):
            audible.append((segment, utterances))
            keeps += [one.is_kept for one in stored_segment.sentences]
    if not audible:
        raise NothingToTell(EVERYTHING_REMOVED)
    script = Script(episode.title, episode.language or "", tuple(segment for segment, _ in audible))
    await context.scripts.renumber(episode.id, script, keeps)
    return await _begin_speaking(context, episode, audible)


async def _begin_speaking(
    context: BrewContext,
    episode: Episode,
    audible: Sequence[tuple[Segment, Sequence[SegmentUtterance]]],
) -> list[int]:
    """Record in which clip each sentence is heard. Returns the number of clips of each segment."""
    clip_keys: dict[int, str] = {}  # by the number of the sentence in the episode
    first = 0
    for segment, utterances in audible:
        for utterance in utterances:
            key = clip_key(context, episode.listener, utterance)
            clip_keys |= {first + number: key for number in utterance.numbers}
        first += len(segment.sentences)
    await context.scripts.set_clips(episode.id, clip_keys)
    counts = [len(utterances) for _, utterances in audible]
    await context.episodes.advance(episode.id, Stage.SPEAKING, sum(counts), 18)
    return counts


def _repeats(rundown: Rundown) -> list[Rejection]:
    """What is not told, because the listener heard it in an earlier episode."""
    return [
        Rejection(
            Sentence(repeat.text, Speaker.FIRST, cites=repeat.blocks),
            DropReason.REPEAT,
            (),
            repeat.earlier,
        )
        for repeat in rundown.repeats
    ]


def _suspects(rundown: Rundown) -> list[Rejection]:
    """What is not told, because it resembles advertising or housekeeping."""
    return [
        Rejection(
            Sentence(suspect.text, Speaker.FIRST, cites=(suspect.block,)),
            DropReason.SUSPECT,
            (suspect.reason,),
        )
        for suspect in rundown.suspects
    ]


def _newsletters(mails: Sequence[StoredMail]) -> list[Newsletter]:
    return [mail.newsletter for mail in mails]


def _result_key(
    context: BrewContext,
    episode: Episode,
    kind: str,
    newsletters: Sequence[Newsletter],
    brief: Brief,
    **more: object,
) -> str:
    """The cache key of something that the writer makes. It covers the blocks that are told, not the mails.

    The voice's pace is left out: it is measured anew with every episode, and a retry must find what the first
    attempt paid for.
    """
    blocks = {
        newsletter.digest: [block.id for block in newsletter.uncut_blocks]
        for newsletter in newsletters
    }
    fields = dataclasses.asdict(dataclasses.replace(brief, pace={}))
    # Part of the key only where a listener has them: what was paid for before they existed keeps its key.
    for name in ("interests", "host_names"):
        if not fields[name]:
            del fields[name]
    if brief.host_roles is HostRoles.SHARED:
        del fields["host_roles"]
    for name in (
        "first",
        "memory",
        "again",
        "is_selection",
        "breaks",
        "always_first",
    ):  # they decide what is chosen, not how it is told
        del fields[name]
    question = {**fields, **more}
    # These keyword names are part of the hash.
    return key_of(episode.listener, kind, writer=context.writer.name, told=blocks, brief=question)


async def _stored_rundown(context: BrewContext, key: str) -> Rundown:
    return from_json(Rundown, await _stored_facts(context, key))


async def _stored_facts(context: BrewContext, key: str) -> dict[str, object]:
    facts = await context.results.facts(key)
    if facts is None:
        raise LookupError(f"the answer {key} is gone")
    return facts

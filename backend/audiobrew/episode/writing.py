"""The steps from mails to a checked script."""

import dataclasses
from collections.abc import Collection, Sequence
from http import HTTPStatus
from typing import Any

import anyio.to_thread

from audiobrew.audio.utterances import utterances_of
from audiobrew.db.json_codec import from_json, to_json
from audiobrew.db.stages import Stage
from audiobrew.episode import recording
from audiobrew.episode.brew_context import BrewContext
from audiobrew.episode.episode import Episode
from audiobrew.episode.recording import clip_key
from audiobrew.inbox.coverage import LeftOut
from audiobrew.mail.mail import StoredMail
from audiobrew.mail.newsletter import Newsletter
from audiobrew.models.result_cache import key_of
from audiobrew.models.usage import ModelResult
from audiobrew.problems import Problem
from audiobrew.script.gate.gate import check_script, find_rejections
from audiobrew.script.partition import partition
from audiobrew.script.script import Script, Segment
from audiobrew.script.writer import Brief, NothingToTell, Rundown

PARTS = 8
"""So many calls write a script side by side."""


class NewslettersChanged(Problem):
    """Newsletters of this episode were deleted or cut while it was being written. Retry it: it tells what is
    there now."""

    type = "newsletters-changed"
    status = HTTPStatus.CONFLICT


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """Segments that one call wrote."""

    segments: tuple[Segment, ...]


async def gather(context: BrewContext, id: str) -> int:
    """How many newsletters there are to tell; those the voice cannot speak are named in the note."""
    episode = await context.episode(id)
    await context.episodes.advance(episode.id, Stage.GATHERING, 0, 1)
    every = await context.mails_of(episode)
    silent = context.silent(episode, every)
    if (
        episode.asked_language is None
    ):  # else it is the listener's choice that does not fit the voice
        left_out = {mail.id: LeftOut.LANGUAGE for mail in silent}
        await context.episodes.leave_out(episode.id, left_out)
    mails = context.spoken(episode, every)
    await context.check_prices(episode, mails)
    await context.episodes.note(episode.id, note=_left_out(silent), mail_count=len(mails))
    return len(mails)


def _left_out(mails: Sequence[StoredMail]) -> str | None:
    names = ", ".join(sorted({mail.newsletter.sender for mail in mails}))
    return f"Left out, because the voice does not speak its language: {names}." if mails else None


async def plan(context: BrewContext, id: str, pace: float) -> tuple[str, list[list[int]]]:
    """The key of the rundown, and its stories (by number) in parts that are written side by side."""
    episode = await context.episode(id)
    await context.episodes.advance(episode.id, Stage.PLANNING, 0, 2)
    mails = await context.newsletters(episode)
    newsletters, brief = _told(mails), await context.brief(episode, mails, pace)
    once = context.budgeted_calls.for_episode(episode)

    async def made() -> ModelResult:
        return ModelResult(to_json(await context.writer.plan(newsletters, brief, once)))

    brief = dataclasses.replace(brief, first=await _first(context, episode, mails))
    order = {"first": brief.first} if brief.first else {}
    more = {"voice": context.voice.name, "pace": pace, **order}
    key = _key(context, episode, "rundown", newsletters, brief, **more)
    try:
        kept = await context.budgeted_calls.get_or_call(episode, "rundown", key, None, made)
    except NothingToTell:
        await _leave_out(context, episode, mails, brief, [one.digest for one in newsletters])
        raise
    rundown = from_json(Rundown, kept)
    await _leave_out(context, episode, mails, brief, rundown.empty)
    title = {} if episode.title_chosen else {"title": rundown.title}
    await context.episodes.note(episode.id, language=rundown.language, **title)
    shares = partition([story.characters for story in rundown.stories], PARTS)
    await context.episodes.advance(episode.id, Stage.WRITING, len(shares), 4)
    return key, shares


async def _first(
    context: BrewContext, episode: Episode, mails: Sequence[StoredMail]
) -> tuple[str, ...]:
    """See `Brief.first`."""
    digests = {mail.id: mail.newsletter.digest for mail in mails}
    first = await context.episodes.first(episode.id)
    return tuple(digests[id] for id in first if id in digests)


async def _leave_out(
    context: BrewContext,
    episode: Episode,
    mails: Sequence[StoredMail],
    brief: Brief,
    digests: Collection[str],
) -> None:
    """Newsletters with nothing to tell, so that they are not offered again and again.

    A model that finds nothing in any of them may do better another time; rules will not.
    """
    every = [mail.size for mail in mails]
    asked = len(digests) == len(every) and bool(context.writer.forecast(every, brief))
    why = LeftOut.REFUSED if asked else LeftOut.EMPTY
    left_out = {mail.id: why for mail in mails if mail.newsletter.digest in digests}
    await context.episodes.leave_out(episode.id, left_out)


async def write(
    context: BrewContext, id: str, pace: float, rundown_key: str, numbers: Sequence[int], of: int
) -> str:
    """The key of a part: its stories told, what the gate would drop said again once."""
    episode = await context.episode(id)
    mails = await context.newsletters(episode)
    newsletters, brief = _told(mails), await context.brief(episode, mails, pace)
    rundown = await _kept_rundown(context, rundown_key)
    _check_blocks(rundown, numbers, newsletters)

    async def made() -> ModelResult:
        return ModelResult(
            to_json(await _written(context, episode, rundown, numbers, newsletters, brief))
        )

    asked = _part_of(rundown, numbers)
    own = [one for one in newsletters if one.digest in asked["digests"]]
    key = _key(context, episode, "segment", own, brief, minutes=0, **asked)
    part = from_json(
        Part, await context.budgeted_calls.get_or_call(episode, "segment", key, None, made)
    )
    await context.episodes.count(episode.id, 4 + 10 * (numbers[-1] + 1) / of)
    sifted = await anyio.to_thread.run_sync(_without_faults, part, newsletters, brief)
    await recording.prerecord(context, episode, sifted)
    return key


def _check_blocks(
    rundown: Rundown, numbers: Sequence[int], newsletters: Sequence[Newsletter]
) -> None:
    """Raises NewslettersChanged."""
    told = {block.id for newsletter in newsletters for block in newsletter.uncut_blocks}
    if not told.issuperset(id for number in numbers for id in rundown.stories[number].blocks):
        raise NewslettersChanged


def _without_faults(part: Part, newsletters: Sequence[Newsletter], brief: Brief) -> list[Segment]:
    """Segments as the gate will leave them, if nothing happens to their neighbours."""
    found = []
    for segment in part.segments:
        wrong = {id(dropped.sentence) for dropped in find_rejections(segment, newsletters, brief)}
        kept = tuple(one for one in segment.sentences if id(one) not in wrong)
        if any(one.cites for one in kept):
            found.append(dataclasses.replace(segment, sentences=kept))
    return found


async def _written(
    context: BrewContext,
    episode: Episode,
    rundown: Rundown,
    numbers: Sequence[int],
    newsletters: Sequence[Newsletter],
    brief: Brief,
) -> Part:
    once, writer = context.budgeted_calls.for_episode(episode), context.writer
    said = []
    for segment in await writer.write(rundown, numbers, newsletters, brief, once):
        wrong = await anyio.to_thread.run_sync(find_rejections, segment, newsletters, brief)
        mended = writer.mend(segment, wrong, newsletters, brief, once) if wrong else None
        said.append(await mended if mended else segment)
    return Part(tuple(said))


def _part_of(rundown: Rundown, numbers: Sequence[int]) -> dict[str, Any]:
    """What a part depends on: its own stories, and who stands beside them. Not the rest of the rundown."""
    stories = [rundown.stories[number] for number in numbers]
    beside = [*rundown.stories[: numbers[0]][-1:], *rundown.stories[numbers[-1] + 1 :][:1]]
    return {
        "stories": [to_json(story) for story in stories],
        "digests": sorted({digest for story in stories for digest in story.newsletters}),
        "first": numbers[0],
        "last": numbers[-1] + 1 == len(rundown.stories),
        "beside": [story.title for story in beside],
    }


async def gate(
    context: BrewContext, id: str, pace: float, rundown_key: str, keys: Sequence[str]
) -> list[int]:
    """How many clips each segment of the checked script needs."""
    episode = await context.episode(id)
    await context.episodes.advance(episode.id, Stage.CHECKING, 0, 15)
    rundown, mails = await _kept_rundown(context, rundown_key), await context.newsletters(episode)
    told = [from_json(Part, await _kept(context, key)) for key in keys]
    segments = tuple(segment for part in told for segment in part.segments)
    script = Script(rundown.title, rundown.language, segments)
    brief = await context.brief(episode, mails, pace)
    checked = await anyio.to_thread.run_sync(check_script, script, _told(mails), brief)
    try:
        script = _audible(checked.script)
    except NothingToTell:
        written = {digest for story in rundown.stories for digest in story.newsletters}
        refused = {mail.id: LeftOut.REFUSED for mail in mails if mail.newsletter.digest in written}
        await context.episodes.leave_out(episode.id, refused)
        raise
    await context.scripts.keep(episode.id, script, checked.dropped, mails)
    await context.scripts.heard_in(episode.id, _heard_in(context, episode, script))
    counts = [len(utterances_of(segment)) for segment in script.segments]
    await context.episodes.advance(episode.id, Stage.SPEAKING, sum(counts), 18)
    return counts


def _audible(script: Script) -> Script:
    """Without stories in which nothing can be said aloud. Raises NothingToTell when none is left."""
    audible = tuple(segment for segment in script.segments if utterances_of(segment))
    if not audible:
        raise NothingToTell
    return dataclasses.replace(script, segments=audible)


def _heard_in(context: BrewContext, episode: Episode, script: Script) -> dict[int, str]:
    """The clip of every sentence, by its number in the episode."""
    found: dict[int, str] = {}
    first = 0
    for segment in script.segments:
        for turn in utterances_of(segment):
            key = clip_key(context, episode.listener, turn)
            found |= {first + number: key for number in turn.numbers}
        first += len(segment.sentences)
    return found


def _told(mails: Sequence[StoredMail]) -> list[Newsletter]:
    return [mail.newsletter for mail in mails]


def _key(
    context: BrewContext,
    episode: Episode,
    kind: str,
    newsletters: Sequence[Newsletter],
    brief: Brief,
    **more: object,
) -> str:
    """What the writer is asked depends on the blocks that are told, not on the mails alone.

    The voice's pace is left out: it is measured anew with every episode, and a retry must find what its
    first attempt paid for.
    """
    told = {
        newsletter.digest: [block.id for block in newsletter.uncut_blocks]
        for newsletter in newsletters
    }
    plain = dataclasses.asdict(dataclasses.replace(brief, pace={}))
    del plain["first"]  # it chooses the stories, and says nothing of how they are told
    asked = {**plain, **more}
    return key_of(episode.listener, kind, writer=context.writer.name, told=told, brief=asked)


async def _kept_rundown(context: BrewContext, key: str) -> Rundown:
    return from_json(Rundown, await _kept(context, key))


async def _kept(context: BrewContext, key: str) -> dict[str, object]:
    facts = await context.results.facts(key)
    if facts is None:
        raise LookupError(f"the answer {key} is gone")
    return facts

"""The steps from mails to a checked script."""

import dataclasses
from collections.abc import Sequence

import anyio.to_thread

from audiobrew.audio.utterances import turns
from audiobrew.episode.episode import Episode, Stage
from audiobrew.episode.kitchen import Kitchen
from audiobrew.episode.recording import clip_key
from audiobrew.inbox.mail import KeptMail
from audiobrew.inbox.newsletter import Newsletter
from audiobrew.script.gate import check
from audiobrew.script.script import Script, Segment
from audiobrew.script.writer import Brief, NothingToTell, Rundown
from audiobrew.store.packing import packed, unpacked
from audiobrew.store.paid import Answer, key_of


async def gather(kitchen: Kitchen, id: str) -> int:
    """How many newsletters there are to tell; those the voice cannot speak are named in the note."""
    episode = await kitchen.episode(id)
    await kitchen.episodes.advance(episode.id, Stage.GATHERING, 0, 1)
    mails = await kitchen.newsletters(episode)
    silent = [mail for mail in await kitchen.mails_of(episode) if mail not in mails]
    await kitchen.episodes.note(episode.id, note=_left_out(silent), mail_count=len(mails))
    return len(mails)


def _left_out(mails: Sequence[KeptMail]) -> str | None:
    names = ", ".join(sorted({mail.newsletter.sender for mail in mails}))
    return f"Left out, because the voice does not speak its language: {names}." if mails else None


async def plan(kitchen: Kitchen, id: str, pace: float) -> tuple[str, int]:
    """The key of the rundown, and how many stories it has."""
    episode = await kitchen.episode(id)
    await kitchen.episodes.advance(episode.id, Stage.PLANNING, 0, 2)
    mails = await kitchen.newsletters(episode)
    newsletters, brief = _told(mails), kitchen.brief(episode, mails, pace)

    async def made() -> Answer:
        return Answer(packed(await kitchen.writer.plan(newsletters, brief)))

    key = _key(kitchen, episode, "rundown", newsletters, brief)
    rundown = unpacked(
        Rundown, await kitchen.paid.get_or_make(episode.listener, "rundown", key, made)
    )
    title = {} if episode.title_chosen else {"title": rundown.title}
    await kitchen.episodes.note(episode.id, language=rundown.language, **title)
    await kitchen.episodes.advance(episode.id, Stage.WRITING, len(rundown.stories), 4)
    return key, len(rundown.stories)


async def write(
    kitchen: Kitchen, id: str, pace: float, rundown_key: str, number: int, of: int
) -> str:
    """The key of one segment. The rundown holds its budget, so the pace is not asked of it again."""
    episode = await kitchen.episode(id)
    mails = await kitchen.newsletters(episode)
    newsletters, brief = (
        _told(mails),
        dataclasses.replace(kitchen.brief(episode, mails, pace), pace={}),
    )
    rundown = await _kept_rundown(kitchen, rundown_key)

    async def made() -> Answer:
        return Answer(packed(await kitchen.writer.write(rundown, number, newsletters, brief)))

    key = _key(
        kitchen, episode, "segment", newsletters, brief, rundown=packed(rundown), number=number
    )
    await kitchen.paid.get_or_make(episode.listener, "segment", key, made)
    await kitchen.episodes.count(episode.id, 4 + 10 * (number + 1) / of)
    return key


async def gate(
    kitchen: Kitchen, id: str, pace: float, rundown_key: str, keys: Sequence[str]
) -> list[int]:
    """How many clips each segment of the checked script needs."""
    episode = await kitchen.episode(id)
    await kitchen.episodes.advance(episode.id, Stage.CHECKING, 0, 15)
    rundown, mails = await _kept_rundown(kitchen, rundown_key), await kitchen.newsletters(episode)
    segments = [unpacked(Segment, await _kept(kitchen, key)) for key in keys]
    script = Script(rundown.title, rundown.language, tuple(segments))
    brief = kitchen.brief(episode, mails, pace)
    checked = await anyio.to_thread.run_sync(check, script, _told(mails), brief)
    script = _audible(checked.script)
    await kitchen.scripts.keep(episode.id, script, checked.dropped, mails)
    await kitchen.scripts.heard_in(episode.id, _heard_in(kitchen, episode, script))
    counts = [len(turns(segment)) for segment in script.segments]
    await kitchen.episodes.advance(episode.id, Stage.SPEAKING, sum(counts), 18)
    return counts


def _audible(script: Script) -> Script:
    """Without stories in which nothing can be said aloud. Raises NothingToTell when none is left."""
    audible = tuple(segment for segment in script.segments if turns(segment))
    if not audible:
        raise NothingToTell
    return dataclasses.replace(script, segments=audible)


def _heard_in(kitchen: Kitchen, episode: Episode, script: Script) -> dict[int, str]:
    """The clip of every sentence, by its number in the episode."""
    found: dict[int, str] = {}
    first = 0
    for segment in script.segments:
        for turn in turns(segment):
            key = clip_key(kitchen, episode.listener, turn)
            found |= {first + number: key for number in turn.numbers}
        first += len(segment.sentences)
    return found


def _told(mails: Sequence[KeptMail]) -> list[Newsletter]:
    return [mail.newsletter for mail in mails]


def _key(
    kitchen: Kitchen,
    episode: Episode,
    kind: str,
    newsletters: Sequence[Newsletter],
    brief: Brief,
    **more: object,
) -> str:
    """What the writer is asked depends on the blocks that are told, not on the mails alone."""
    told = {
        newsletter.digest: [block.id for block in newsletter.told] for newsletter in newsletters
    }
    asked = dataclasses.asdict(brief)
    return key_of(
        episode.listener, kind, writer=kitchen.writer.name, told=told, brief=asked, **more
    )


async def _kept_rundown(kitchen: Kitchen, key: str) -> Rundown:
    return unpacked(Rundown, await _kept(kitchen, key))


async def _kept(kitchen: Kitchen, key: str) -> dict[str, object]:
    facts = await kitchen.paid.facts(key)
    if facts is None:
        raise LookupError(f"the answer {key} is gone")
    return facts

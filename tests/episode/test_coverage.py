"""A newsletter that was not told stays new, so that every one is told or named in a note."""

import hashlib
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from audiobrew.db.stages import Stage
from audiobrew.episode.episode import ALL_TOLD, Episode, NothingToBrew
from audiobrew.inbox.coverage import LeftOut
from audiobrew.mail.newsletter import Block, BlockKind, Newsletter
from audiobrew.script.extractive import ExtractiveWriter
from audiobrew.script.items import Item, items_of
from audiobrew.script.running_order import running_order
from audiobrew.script.writer import Brief

from tests.episode.bench import Bench, open_bench
from tests.episode.fakes import make_newsletter

DAY = datetime(2026, 11, 23, 6, tzinfo=UTC)
PLACES = ("Bergen", "Cadiz", "Delft", "Essen", "Fargo", "Genoa", "Hobart", "Izmir", "Jena", "Kyoto")
ROADS = ("northern", "old", "river", "hill", "mill", "salt")


def an_issue(number: int, language: str = "en", sentences: int = 6) -> Newsletter:
    """A newsletter that is too long to share a minute with others, and shares no story with them."""
    place = f"{PLACES[number % len(PLACES)]}{number}"
    texts = [
        f"The council of {place} counted {number * 100 + turn} lanterns along its {road} road this week."
        for turn, road in enumerate(ROADS[:sentences])
    ]
    digest = hashlib.sha256(f"{number} {language} {sentences}".encode()).hexdigest()
    blocks = (Block(f"{digest[:12]}-0", BlockKind.PARAGRAPH, " ".join(texts)),) if texts else ()
    return replace(
        make_newsletter(number, language=language),
        digest=digest,
        sender=f"Letter {number}",
        received_at=DAY + timedelta(minutes=number),
        blocks=blocks,
    )


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    async with open_bench(tmp_path / "data", writer=ExtractiveWriter()) as bench:
        yield bench


async def covered_senders(bench: Bench, episode: Episode) -> list[str]:
    newsletters = await bench.episodes.newsletters(episode.id)
    return [one.sender for one in newsletters if one.told]


async def cited_senders(bench: Bench, episode: Episode) -> set[str]:
    """The senders of the blocks that spoken sentences cite."""
    script = await bench.scripts.get(episode.id)
    senders = {source.block_id: source.sender for source in script.sources}
    every = [sentence for segment in script.segments for sentence in segment.sentences]
    return {
        senders[id]
        for sentence in every
        if sentence.start is not None
        for id in sentence.sentence.cites
    }


async def test_one_minute_episodes_tell_thirty_newsletters_one_after_another(bench: Bench) -> None:
    await bench.add_mails(an_issue(number) for number in range(30))
    covered_so_far: list[str] = []
    rounds = 0
    while len(set(covered_so_far)) < 30:
        rounds += 1
        assert rounds <= 15, f"only {len(set(covered_so_far))} were told"
        waiting = len(await bench.mails.list_new_sizes(bench.listener))
        episode = await bench.brew()
        covered = await covered_senders(bench, episode)

        assert episode.stage is Stage.READY
        assert covered
        assert set(covered) == await cited_senders(bench, episode)
        assert not set(covered) & set(covered_so_far), "told twice while others wait"
        assert episode.newsletters_told == len(covered)
        assert episode.mail_count == waiting == 30 - len(covered_so_far)
        if len(covered) < waiting:
            others = "other comes" if waiting - len(covered) == 1 else "others come"
            sentence = (
                f"Told {len(covered)} of {waiting} newsletters; the {others} first next time."
            )
            assert sentence in (episode.note or "")
        covered_so_far += covered

    with pytest.raises(NothingToBrew):
        await bench.order()


async def test_older_untold_newsletters_come_before_newer_ones(bench: Bench) -> None:
    await bench.add_mails(an_issue(number) for number in range(12))
    first = await covered_senders(bench, await bench.brew())
    waiting = {f"Letter {number}" for number in range(12)} - set(first)
    await bench.add_mails(an_issue(number) for number in range(20, 26))

    second = await covered_senders(bench, await bench.brew())

    assert waiting
    assert set(second) <= waiting


async def test_an_order_of_chosen_mails_tells_the_untold_ones_first(bench: Bench) -> None:
    mails = await bench.add_mails(an_issue(number) for number in range(12))
    first = await covered_senders(bench, await bench.brew(mails=mails))

    again = await bench.brew(mails=mails)

    assert not set(first) & set(await covered_senders(bench, again))


async def test_a_language_that_the_voice_does_not_speak_is_named_and_not_offered_again(
    bench: Bench,
) -> None:
    await bench.add_mails([an_issue(1), an_issue(2, "xx")])

    episode = await bench.brew()
    sentence = {
        mail.newsletter.sender: mail.is_new
        for mail in await bench.mails.list(bench.listener, 9, None)
    }

    assert "does not speak its language: Letter 2." in (episode.note or "")
    assert (episode.newsletters_told, episode.mail_count) == (1, 1)
    assert sentence == {"Letter 1": False, "Letter 2": False}
    with pytest.raises(NothingToBrew):
        await bench.order()


async def test_newsletters_in_unknown_languages_fail_only_one_episode(bench: Bench) -> None:
    await bench.add_mails([an_issue(2, "xx")])

    assert (await bench.brew()).stage is Stage.FAILED
    with pytest.raises(NothingToBrew):
        await bench.order()


async def test_an_empty_newsletter_is_named_and_not_offered_again(bench: Bench) -> None:
    await bench.add_mails([an_issue(1), an_issue(2, sentences=0)])

    episode = await bench.brew()
    newsletters = {one.sender: one for one in await bench.episodes.newsletters(episode.id)}

    assert "Nothing to tell in: Letter 2." in (episode.note or "")
    assert "next time" not in (episode.note or "")
    assert newsletters["Letter 2"].left_out is LeftOut.EMPTY
    with pytest.raises(NothingToBrew):
        await bench.order()


async def test_empty_newsletters_fail_only_one_episode(bench: Bench) -> None:
    await bench.add_mails([an_issue(2, sentences=0)])

    failed = await bench.brew()

    assert (failed.stage, failed.trouble_type) == (Stage.FAILED, "/problems/nothing-to-tell")
    with pytest.raises(NothingToBrew):
        await bench.order()


async def test_a_newsletter_with_a_restored_block_is_new_again(bench: Bench) -> None:
    [mail] = await bench.add_mails([an_issue(1)])
    block = an_issue(1).blocks[0].id
    await bench.mails.change(bench.listener, mail, [], [block])
    assert (await bench.brew()).stage is Stage.FAILED
    assert not (await bench.mails.get(bench.listener, mail)).is_new

    await bench.mails.change(bench.listener, mail, [block], [])

    assert (await bench.mails.get(bench.listener, mail)).is_new
    assert (await covered_senders(bench, await bench.brew())) == ["Letter 1"]


async def test_a_correction_of_a_told_issue_is_told_only_if_it_is_named(bench: Bench) -> None:
    issue = an_issue(1)
    await bench.add_mails([issue])
    assert await covered_senders(bench, await bench.brew()) == ["Letter 1"]
    changed = replace(issue.blocks[0], id="c" * 16, text=issue.blocks[0].text.replace("100", "101"))
    correction = replace(
        issue,
        digest="c" * 64,
        subject=f"[Correction] {issue.subject}",
        blocks=(changed, *(replace(b, id=f"c{b.id}"[:32]) for b in issue.blocks[1:])),
    )
    [mail] = await bench.add_mails([correction])

    assert not (await bench.mails.get(bench.listener, mail)).is_new
    with pytest.raises(NothingToBrew, match=re.escape(ALL_TOLD)):
        await bench.brew()
    assert await covered_senders(bench, await bench.brew(mails=(mail,))) == ["Letter 1"]


async def test_a_failed_episode_covers_no_newsletter(bench: Bench) -> None:
    bench.voice.refuses = "lanterns"
    await bench.add_mails([an_issue(1)])

    failed = await bench.brew()

    assert (failed.stage, failed.trouble_type) == (Stage.FAILED, "/problems/clip-failed")
    assert failed.newsletters_told is None
    assert len(await bench.mails.list_new_sizes(bench.listener)) == 1


async def test_a_deleted_episode_covers_no_newsletter(bench: Bench) -> None:
    await bench.add_mails([an_issue(1)])
    episode = await bench.brew()

    await bench.orders.delete(bench.listener, episode.id)

    assert len(await bench.mails.list_new_sizes(bench.listener)) == 1


async def test_the_newsletters_of_an_episode_are_known_after_a_mail_is_deleted(
    bench: Bench,
) -> None:
    one, _ = await bench.add_mails([an_issue(1), an_issue(2)])
    episode = await bench.brew(minutes=2)

    await bench.mails.delete(bench.listener, one)

    assert sorted(await covered_senders(bench, episode)) == ["Letter 1", "Letter 2"]
    assert (await bench.episodes.get(bench.listener, episode.id)).newsletters_told == 2


@pytest.mark.parametrize("by_model", [False, True])
def test_the_running_order_takes_the_first_newsletters_first(
    by_model: bool,
) -> None:
    letters = [an_issue(number) for number in range(20)]
    oldest = tuple(one.digest for one in letters[:4])

    def found(newsletter: Newsletter) -> tuple[Item, ...]:
        return tuple(replace(item, title="By a model") for item in items_of(newsletter))

    brief = Brief(1, "AudioBrew", DAY.date(), {"en": 15.0}, first=oldest)
    slots = running_order(letters, brief, found if by_model else items_of)

    covered = {item.newsletter.digest for slot in slots for item in slot.items}
    assert covered == set(oldest)

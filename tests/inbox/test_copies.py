"""Of several copies of an issue, the newest is told, and what was told is not told again."""

from datetime import timedelta
from random import Random
from time import monotonic
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from audiobrew.db.tables import mails as mails_table
from audiobrew.inbox import copies
from audiobrew.inbox.store import MailStore
from audiobrew.mail.mail import StoredMail
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.inbox.issues import CORRECTED, MORNING, NEXT_STORIES, an_issue
from tests.inbox.test_store import finish_episode

CORRECTION = an_issue("[Correction] Harbour opens again", CORRECTED, 3)


@pytest.fixture
def mails(engine: AsyncEngine) -> MailStore:
    return MailStore(engine)


async def new_ids(mails: MailStore, listener: UUID) -> list[UUID]:
    return [one.id for one in await mails.list_new_sizes(listener)]


async def list_by_subject(mails: MailStore, listener: UUID) -> dict[str, StoredMail]:
    return {mail.newsletter.subject: mail for mail in await mails.list(listener, 50, None)}


async def test_only_the_newest_copy_is_new(mails: MailStore, ada: UUID) -> None:
    [original] = await mails.add(ada, [an_issue()])
    [correction] = await mails.add(ada, [CORRECTION])

    assert await new_ids(mails, ada) == [correction.id]
    assert [copy.id for copy in correction.copies] == [original.id]
    assert not correction.copies[0].is_newer
    older = await mails.get(ada, original.id)
    assert not older.is_new
    assert [(copy.id, copy.is_newer) for copy in older.copies] == [(correction.id, True)]


async def test_the_order_in_which_copies_arrive_does_not_matter(
    mails: MailStore, ada: UUID
) -> None:
    correction, original = await mails.add(ada, [CORRECTION, an_issue()])

    assert await new_ids(mails, ada) == [correction.id]
    assert not (await mails.get(ada, original.id)).is_new


async def test_other_issues_are_new_beside_each_other(mails: MailStore, ada: UUID) -> None:
    stored = await mails.add(ada, [an_issue(), an_issue("Trees", NEXT_STORIES, 24 * 7)])

    assert len(await new_ids(mails, ada)) == 2
    assert [mail.copies for mail in stored] == [(), ()]


async def test_the_same_text_of_another_newsletter_is_no_copy(mails: MailStore, ada: UUID) -> None:
    other = an_issue(key="times.example", address="news@times.example")
    await mails.add(ada, [an_issue(), other])

    assert len(await new_ids(mails, ada)) == 2


async def test_a_forwarded_copy_is_recognized_by_its_address(mails: MailStore, ada: UUID) -> None:
    """A forward has no list, so its key is the sender's address."""
    forward = an_issue(hours=0.1, key="hello@roast.example")
    _, copy = await mails.add(ada, [an_issue(), forward])

    assert await new_ids(mails, ada) == [copy.id]


async def test_copies_of_other_listeners_do_not_count(
    mails: MailStore, ada: UUID, bob: UUID
) -> None:
    await mails.add(ada, [an_issue()])
    [copy] = await mails.add(bob, [CORRECTION])

    assert copy.copies == ()
    assert len(await new_ids(mails, ada)) == 1
    assert await new_ids(mails, bob) == [copy.id]


async def test_an_issue_that_was_told_is_not_new_as_a_copy(
    mails: MailStore, ada: UUID, engine: AsyncEngine
) -> None:
    [original] = await mails.add(ada, [an_issue()])
    await finish_episode(engine, ada, original.id, "ready")
    [copy] = await mails.add(ada, [an_issue(hours=2)])

    assert await new_ids(mails, ada) == []
    assert not copy.is_new
    assert [(one.in_episode, one.is_changed) for one in copy.copies] == [(True, False)]


async def test_a_correction_of_what_was_told_is_new_once(
    mails: MailStore, ada: UUID, engine: AsyncEngine
) -> None:
    [original] = await mails.add(ada, [an_issue()])
    await finish_episode(engine, ada, original.id, "ready")
    [correction] = await mails.add(ada, [CORRECTION])

    assert await new_ids(mails, ada) == [correction.id]
    assert correction.copies == ()

    await finish_episode(engine, ada, correction.id, "ready")
    await mails.add(ada, [an_issue("[Correction] Harbour opens again", CORRECTED, 5)])

    assert await new_ids(mails, ada) == []


async def test_a_copy_without_changes_says_so(mails: MailStore, ada: UUID) -> None:
    _, copy = await mails.add(ada, [an_issue(), an_issue(hours=2)])

    assert not copy.copies[0].is_changed


async def test_a_copy_that_is_named_can_be_ordered(mails: MailStore, ada: UUID) -> None:
    original, _ = await mails.add(ada, [an_issue(), CORRECTION])

    assert [one.id for one in await mails.get_sizes(ada, [original.id])] == [original.id]


async def test_an_older_copy_is_new_again_if_the_newest_is_deleted(
    mails: MailStore, ada: UUID
) -> None:
    original, correction = await mails.add(ada, [an_issue(), CORRECTION])
    await mails.delete(ada, correction.id)

    assert await new_ids(mails, ada) == [original.id]
    assert (await mails.get(ada, original.id)).copies == ()


async def test_three_copies_are_one_issue(mails: MailStore, ada: UUID) -> None:
    again = an_issue("[Correction 2] Harbour opens again", CORRECTED, 5)
    *_, newest = await mails.add(ada, [an_issue(), CORRECTION, again])

    assert await new_ids(mails, ada) == [newest.id]
    assert len(newest.copies) == 2


async def test_a_newer_mail_that_is_no_newsletter_is_not_told_instead(
    mails: MailStore, ada: UUID
) -> None:
    original, _ = await mails.add(ada, [an_issue(), an_issue(hours=1, bulk=False)])

    assert await new_ids(mails, ada) == [original.id]


async def test_receipts_are_no_copies(mails: MailStore, ada: UUID) -> None:
    one, other = await mails.add(ada, [an_issue(bulk=False), an_issue(hours=1, bulk=False)])

    assert (one.copies, other.copies) == ((), ())


async def test_mails_from_before_fingerprints_get_one(
    mails: MailStore, ada: UUID, bob: UUID, engine: AsyncEngine
) -> None:
    issues = [an_issue(), CORRECTION, an_issue("Trees", NEXT_STORIES, 24 * 7)]
    original, correction, trees = await mails.add(ada, issues)
    [bobs] = await mails.add(bob, [an_issue()])
    async with engine.begin() as database:
        stored = (await database.execute(sa.select(mails_table.c.fingerprint))).scalars().all()
        await database.execute(mails_table.update().values(fingerprint=None, issue_id=None))
    assert set(await new_ids(mails, ada)) == {original.id, correction.id, trees.id}

    await mails.add_missing_fingerprints()

    async with engine.connect() as database:
        computed = (await database.execute(sa.select(mails_table.c.fingerprint))).scalars().all()
    assert sorted(computed) == sorted(stored)
    assert set(await new_ids(mails, ada)) == {correction.id, trees.id}
    assert await new_ids(mails, bob) == [bobs.id]


async def test_a_new_copy_of_a_mail_from_before_fingerprints(
    mails: MailStore, ada: UUID, engine: AsyncEngine
) -> None:
    """It is recognized when the background job has read the old one."""
    [original] = await mails.add(ada, [an_issue()])
    async with engine.begin() as database:
        await database.execute(mails_table.update().values(fingerprint=None))
    [correction] = await mails.add(ada, [CORRECTION])
    await mails.add_missing_fingerprints()

    assert await new_ids(mails, ada) == [correction.id]
    assert [copy.id for copy in (await mails.get(ada, original.id)).copies] == [correction.id]


async def test_the_newest_of_many_copies_are_listed(mails: MailStore, ada: UUID) -> None:
    issues = [an_issue(hours=24 * number) for number in range(25)]
    *_, newest = await mails.add(ada, issues)
    stored = await mails.list(ada, 50, None)
    ids = [mail.id for mail in stored]

    assert ids[0] == newest.id
    assert await new_ids(mails, ada) == [newest.id]
    assert [[copy.id for copy in mail.copies] for mail in (stored[0], stored[5], stored[24])] == [
        ids[1:21],
        [*ids[:5], *ids[6:21]],
        ids[:20],
    ]
    assert [copy.is_newer for copy in stored[5].copies] == [True] * 5 + [False] * 15


async def test_a_copy_is_found_among_many_later_mails(
    mails: MailStore, ada: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mailbox may have its newest mails first."""
    monkeypatch.setattr(copies, "MAX_CANDIDATES", 2)
    others = [an_issue(f"Trees {hours}", NEXT_STORIES, hours) for hours in (300, 600, 900)]
    await mails.add(ada, [an_issue(), *others])
    [copy] = await mails.add(ada, [an_issue(hours=-2)])

    assert len(copy.copies) == 1


WEEK = 24 * 7


@pytest.mark.parametrize("order", ["oldest first", "newest first"])
async def test_a_text_that_is_sent_every_week_is_told_again_after_two_months(
    mails: MailStore, ada: UUID, order: str
) -> None:
    issues = [an_issue(hours=WEEK * number) for number in range(53)]
    for issue in issues if order == "oldest first" else reversed(issues):
        await mails.add(ada, [issue])
    listed = await mails.list(ada, 60, None)
    new = await new_ids(mails, ada)

    assert listed[0].id in new
    assert len(new) == 6  # nine weeks each
    for mail in listed:
        times = [mail.newsletter.received_at, *(copy.received_at for copy in mail.copies)]
        assert max(times) - min(times) <= timedelta(days=60)


async def test_a_report_that_changes_every_hour_is_not_one_issue_for_ever(
    mails: MailStore, ada: UUID
) -> None:
    """Each shares two thirds of its text with the one before, and nothing with the one four hours ago."""
    random = Random(7)
    words = ["".join(random.choices("abcdefghij", k=7)) for _ in range(600)]
    stories = [" ".join(words[start : start + 12]) + "." for start in range(0, 600, 12)]
    reports = [
        an_issue("Port report", tuple(stories[hour * 3 : hour * 3 + 9]), hour) for hour in range(10)
    ]
    for report in reports:
        await mails.add(ada, [report])
    listed = {mail.id: mail for mail in await mails.list(ada, 60, None)}
    new = [listed[id] for id in await new_ids(mails, ada)]

    assert 3 <= len(new) < 10
    for mail in new:
        for copy in mail.copies:
            texts = [block.text for block in (await mails.get(ada, copy.id)).newsletter.blocks]
            told = [block.text for block in (await mails.get(ada, mail.id)).newsletter.blocks]
            assert len(set(texts) & set(told)) >= 6


async def test_thousands_of_copies_take_no_time(
    mails: MailStore, ada: UUID, engine: AsyncEngine
) -> None:
    """Looking at all copies for each copy took ten seconds on SQLite."""
    [first] = await mails.add(ada, [an_issue()])
    async with engine.begin() as database:
        row = (await database.execute(sa.select(mails_table))).mappings().one()
        rows = [
            dict(row)
            | {"id": uuid4(), "digest": f"{number:064x}", "issue_id": first.id}
            | {"received_at": MORNING + timedelta(minutes=number)}
            for number in range(1, 4_000)
        ]
        await database.execute(mails_table.update().values(issue_id=first.id))
        await database.execute(mails_table.insert(), rows)
    start = monotonic()
    new = await new_ids(mails, ada)
    listed = await mails.list(ada, 50, None)

    assert new == [listed[0].id] == [rows[-1]["id"]]
    assert [len(mail.copies) for mail in listed] == [20] * 50
    assert monotonic() - start < 3

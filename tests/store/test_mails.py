from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from uuid import UUID, uuid4

import anyio
import pytest
import sqlalchemy as sa
from audiobrew.inbox.mail import MailNotFound, NoSuchBlock
from audiobrew.inbox.newsletter import Block, BlockKind, Cut, Link, Newsletter
from audiobrew.store.mails import READ_AT_ONCE, Mails
from audiobrew.store.tables import blocks, episode_mails
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.feed.shelf import an_episode

MORNING = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)


@pytest.fixture
def mails(engine: AsyncEngine) -> Mails:
    return Mails(engine)


def an_issue(subject: str = "Beans", hours: float = 0, *, bulk: bool = True) -> Newsletter:
    return Newsletter(
        digest=sha256(subject.encode()).hexdigest(),
        key="roast.example",
        sender="The Roast",
        address="hello@roast.example",
        subject=subject,
        language="en",
        received_at=MORNING + timedelta(hours=hours),
        bulk=bulk,
        blocks=(
            Block("a1", BlockKind.HEADING, "Beans are back"),
            Block("b2", BlockKind.PARAGRAPH, "From Huila.", (Link("Huila", "https://h.example"),)),
            Block("c3", BlockKind.PARAGRAPH, "Our sponsor sells mugs.", cut=Cut.SPONSOR),
        ),
    )


async def test_a_newsletter_comes_back_as_it_was(mails: Mails, ada: UUID) -> None:
    [kept] = await mails.add(ada, [an_issue()])

    assert (await mails.get(ada, kept.id)).newsletter == an_issue()
    assert (kept.told, kept.cut) == (2, 1)


async def test_the_same_mail_twice_is_one(mails: Mails, ada: UUID) -> None:
    first = await mails.add(ada, [an_issue(), an_issue()])
    again = await mails.add(ada, [an_issue()])

    assert [mail.id for mail in first] == [mail.id for mail in again]
    assert len(await mails.list(ada, 50, None)) == 1


async def test_the_same_mail_from_two_sides_at_once_is_one(mails: Mails, ada: UUID) -> None:
    async with anyio.create_task_group() as group:
        for _ in range(5):
            group.start_soon(mails.add, ada, [an_issue("One"), an_issue("Two")])

    assert len(await mails.list(ada, 50, None)) == 2


async def test_sending_a_mail_again_keeps_what_the_listener_decided(
    mails: Mails, ada: UUID
) -> None:
    [kept] = await mails.add(ada, [an_issue()])
    await mails.change(ada, kept.id, restore=["c3"], cut=["a1"])
    await mails.add(ada, [an_issue()])

    told = (await mails.get(ada, kept.id)).newsletter.told
    assert [block.id for block in told] == ["b2", "c3"]


async def test_mails_are_listed_newest_first_and_page_by_page(mails: Mails, ada: UUID) -> None:
    await mails.add(ada, [an_issue(f"Issue {n}", hours=n % 3) for n in range(7)])
    whole = [mail.id for mail in await mails.list(ada, 50, None)]
    pages: list[UUID] = []
    while page := await mails.list(ada, 2, pages[-1] if pages else None):
        pages += [mail.id for mail in page]

    assert pages == whole
    assert len(set(whole)) == 7
    times = [mail.newsletter.received_at for mail in await mails.list(ada, 50, None)]
    assert times == sorted(times, reverse=True)


async def test_time_zones_do_not_change_the_order(mails: Mails, ada: UUID) -> None:
    there = timezone(timedelta(hours=9))
    late = replace(an_issue("Late"), received_at=datetime(2026, 11, 23, 8, tzinfo=UTC))
    early = replace(an_issue("Early"), received_at=datetime(2026, 11, 23, 16, tzinfo=there))
    await mails.add(ada, [early, late])

    listed = [mail.newsletter for mail in await mails.list(ada, 50, None)]
    assert [mail.subject for mail in listed] == ["Late", "Early"]
    assert listed[1].received_at == early.received_at


async def test_a_cut_is_the_listeners_until_it_is_restored(mails: Mails, ada: UUID) -> None:
    [kept] = await mails.add(ada, [an_issue()])
    cut = await mails.change(ada, kept.id, restore=[], cut=["a1"])
    restored = await mails.change(ada, kept.id, restore=["a1", "c3"], cut=[])

    assert cut.newsletter.blocks[0].cut is Cut.LISTENER
    assert restored.newsletter.told == restored.newsletter.blocks


async def test_a_change_is_made_whole_or_not_at_all(mails: Mails, ada: UUID) -> None:
    [kept] = await mails.add(ada, [an_issue()])

    with pytest.raises(NoSuchBlock):
        await mails.change(ada, kept.id, restore=["c3"], cut=["ffff"])
    assert (await mails.get(ada, kept.id)).newsletter == an_issue()


async def test_anothers_mail_is_not_there(mails: Mails, ada: UUID, bob: UUID) -> None:
    [kept] = await mails.add(ada, [an_issue()])

    with pytest.raises(MailNotFound):
        await mails.get(bob, kept.id)
    with pytest.raises(MailNotFound):
        await mails.change(bob, kept.id, [], ["a1"])
    with pytest.raises(MailNotFound):
        await mails.delete(bob, kept.id)
    assert await mails.newsletters(bob, [kept.id]) == []
    assert await mails.sizes(bob, [kept.id]) == []
    assert await mails.list(bob, 50, kept.id) == []
    assert await mails.untold(bob) == []
    assert (await mails.get(ada, kept.id)).newsletter == an_issue()


async def test_a_deleted_mail_takes_its_blocks_along(
    mails: Mails, ada: UUID, engine: AsyncEngine
) -> None:
    [kept] = await mails.add(ada, [an_issue()])
    await mails.delete(ada, kept.id)

    async with engine.connect() as database:
        assert (
            await database.execute(sa.select(sa.func.count()).select_from(blocks))
        ).scalar() == 0
    with pytest.raises(MailNotFound):
        await mails.delete(ada, kept.id)


async def test_newsletters_come_in_the_order_asked(mails: Mails, ada: UUID) -> None:
    first, second = await mails.add(ada, [an_issue("One"), an_issue("Two", 1)])

    found = await mails.newsletters(ada, [second.id, uuid4(), first.id])
    assert [mail.newsletter.subject for mail in found] == ["Two", "One"]
    assert found[0].newsletter.blocks == an_issue("Two").blocks


async def test_a_size_is_what_the_blocks_hold_also_after_cuts(mails: Mails, ada: UUID) -> None:
    first, second = await mails.add(ada, [an_issue("One"), an_issue("Two", 1)])
    await mails.change(ada, first.id, restore=["c3"], cut=["a1"])
    ids = [second.id, uuid4(), first.id]
    read = await mails.newsletters(ada, ids)

    assert await mails.sizes(ada, ids) == [mail.size for mail in read]
    assert [mail.blocks for mail in await mails.sizes(ada, ids)] == [2, 2]
    assert await mails.untold(ada) == [read[0].size, read[1].size]


@pytest.mark.parametrize(("stage", "left"), [("ready", ["Two"]), ("failed", ["Two", "One"])])
async def test_untold_is_what_no_finished_episode_told(
    mails: Mails, ada: UUID, engine: AsyncEngine, stage: str, left: list[str]
) -> None:
    one, two, _ = await mails.add(
        ada, [an_issue("One"), an_issue("Two", 1), an_issue("Receipt", 2, bulk=False)]
    )
    await _told(engine, ada, one.id, stage)

    subjects = {one.id: "One", two.id: "Two"}
    assert [subjects[one.id] for one in await mails.untold(ada)] == left


async def _told(engine: AsyncEngine, listener: UUID, mail: UUID, stage: str) -> None:
    id = await an_episode(engine, listener, stage=stage)
    async with engine.begin() as database:
        told = True if stage == "ready" else None
        link = {"episode_id": id, "mail_id": mail, "number": 0, "told": told}
        await database.execute(episode_mails.insert().values(link))


async def test_many_blocks_are_read_in_batches(
    mails: Mails, engine: AsyncEngine, ada: UUID
) -> None:
    """Rows are built on the event loop: a whole inbox at once would keep it from everybody else."""
    issues = [with_blocks(an_issue(f"Issue {number}"), count) for number, count in enumerate(SIZES)]
    kept = await mails.add(ada, issues)
    with statements_of(engine) as statements:
        read = await mails.newsletters(ada, [one.id for one in kept])

    queries = [statement for statement in statements if "blocks.text" in statement.split("FROM")[0]]
    assert [one.newsletter.blocks for one in read] == [one.blocks for one in issues]
    assert len(queries) >= sum(SIZES) / (2 * READ_AT_ONCE)
    assert len(queries) < len(SIZES)


SIZES = [1, READ_AT_ONCE + 300, 900, 900, 900, 1, 2, 900]


async def test_long_texts_and_long_links_are_written_in_statements_of_their_own(
    engine: AsyncEngine, mails: Mails, ada: UUID
) -> None:
    """What one statement writes is prepared on the event loop, and nobody else is answered meanwhile."""
    links = tuple(Link("x", f"https://example.org/{n}{'x' * 2_000}") for n in range(100))
    issue = with_blocks(an_issue(), 20)
    long_links = tuple(replace(block, links=links) for block in issue.blocks)
    long_texts = tuple(replace(block, text="x" * 210_000) for block in issue.blocks)
    with statements_of(engine) as statements:
        await mails.add(ada, [replace(issue, digest="1" * 64, blocks=long_links)])
        await mails.add(ada, [replace(issue, digest="2" * 64, blocks=long_texts)])

    assert sum(one.startswith("INSERT INTO blocks") for one in statements) == 2 * 20


@contextmanager
def statements_of(engine: AsyncEngine) -> Iterator[list[str]]:
    """Every statement that is sent to the database meanwhile."""
    statements: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        statements.append(statement)

    sa.event.listen(engine.sync_engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        sa.event.remove(engine.sync_engine, "before_cursor_execute", note)


def with_blocks(issue: Newsletter, count: int) -> Newsletter:
    digest = issue.digest[:16]
    many = tuple(
        Block(f"{digest}.{number}", BlockKind.PARAGRAPH, f"Bean {number}.", (), None)
        for number in range(count)
    )
    return replace(issue, blocks=many)

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from uuid import UUID, uuid4

import anyio
import pytest
import sqlalchemy as sa
from audiobrew.db.tables import blocks, episode_mails
from audiobrew.inbox.store import READ_BATCH, MailStore
from audiobrew.mail.mail import MailNotFound, NoSuchBlock
from audiobrew.mail.newsletter import Block, BlockKind, BlockRole, Cut, Link, Newsletter
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.feed.library_fixtures import create_episode

MORNING = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)


@pytest.fixture
def mails(engine: AsyncEngine) -> MailStore:
    return MailStore(engine)


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
            Block("a1", BlockKind.HEADING, "Beans are back", level=2),
            Block(
                "b2",
                BlockKind.PARAGRAPH,
                "From Huila.",
                (Link("Huila", "https://h.example"),),
                doubt=0.0625,
            ),
            Block("c3", BlockKind.PARAGRAPH, "Our sponsor sells mugs.", cut=Cut.SPONSOR),
        ),
    )


async def test_a_newsletter_is_returned_unchanged(mails: MailStore, ada: UUID) -> None:
    [mail] = await mails.add(ada, [an_issue()])

    assert (await mails.get(ada, mail.id)).newsletter == an_issue()
    assert (mail.uncut_count, mail.cut_count) == (2, 1)


async def test_roles_are_stored(mails: MailStore, ada: UUID) -> None:
    roles = [
        Block(str(number), BlockKind.PARAGRAPH, role, role=role)
        for number, role in enumerate(BlockRole)
    ]
    [mail] = await mails.add(ada, [replace(an_issue(), blocks=tuple(roles))])

    assert (await mails.get(ada, mail.id)).newsletter.blocks == tuple(roles)


async def test_blocks_without_a_level_a_doubt_or_a_known_role_are_read(
    mails: MailStore, ada: UUID, engine: AsyncEngine
) -> None:
    """Blocks from before there were levels, and from a later version that was rolled back."""
    [mail] = await mails.add(ada, [an_issue()])
    async with engine.begin() as database:
        await database.execute(blocks.update().values(level=None, role="poem", doubt=None))

    stored = (await mails.get(ada, mail.id)).newsletter.blocks
    assert {(block.level, block.role, block.doubt) for block in stored} == {(0, None, 0.0)}


async def test_a_mail_added_twice_is_stored_once(mails: MailStore, ada: UUID) -> None:
    first = await mails.add(ada, [an_issue(), an_issue()])
    again = await mails.add(ada, [an_issue()])

    assert [mail.id for mail in first] == [mail.id for mail in again]
    assert len(await mails.list(ada, 50, None)) == 1


async def test_a_mail_added_twice_concurrently_is_stored_once(mails: MailStore, ada: UUID) -> None:
    async with anyio.create_task_group() as group:
        for _ in range(5):
            group.start_soon(mails.add, ada, [an_issue("One"), an_issue("Two")])

    assert len(await mails.list(ada, 50, None)) == 2


async def test_adding_a_mail_again_keeps_the_listeners_cuts(mails: MailStore, ada: UUID) -> None:
    [mail] = await mails.add(ada, [an_issue()])
    await mails.change(ada, mail.id, restore=["c3"], cut=["a1"])
    await mails.add(ada, [an_issue()])

    uncut_blocks = (await mails.get(ada, mail.id)).newsletter.uncut_blocks
    assert [block.id for block in uncut_blocks] == ["b2", "c3"]


async def test_mails_are_listed_newest_first_and_page_by_page(mails: MailStore, ada: UUID) -> None:
    await mails.add(ada, [an_issue(f"Issue {n}", hours=n % 3) for n in range(7)])
    whole = [mail.id for mail in await mails.list(ada, 50, None)]
    pages: list[UUID] = []
    while page := await mails.list(ada, 2, pages[-1] if pages else None):
        pages += [mail.id for mail in page]

    assert pages == whole
    assert len(set(whole)) == 7
    times = [mail.newsletter.received_at for mail in await mails.list(ada, 50, None)]
    assert times == sorted(times, reverse=True)


async def test_time_zones_do_not_change_the_order(mails: MailStore, ada: UUID) -> None:
    there = timezone(timedelta(hours=9))
    late = replace(an_issue("Late"), received_at=datetime(2026, 11, 23, 8, tzinfo=UTC))
    early = replace(an_issue("Early"), received_at=datetime(2026, 11, 23, 16, tzinfo=there))
    await mails.add(ada, [early, late])

    listed = [mail.newsletter for mail in await mails.list(ada, 50, None)]
    assert [mail.subject for mail in listed] == ["Late", "Early"]
    assert listed[1].received_at == early.received_at


async def test_a_cut_lasts_until_it_is_restored(mails: MailStore, ada: UUID) -> None:
    [mail] = await mails.add(ada, [an_issue()])
    cut = await mails.change(ada, mail.id, restore=[], cut=["a1"])
    restored = await mails.change(ada, mail.id, restore=["a1", "c3"], cut=[])

    assert cut.newsletter.blocks[0].cut is Cut.LISTENER
    assert restored.newsletter.uncut_blocks == restored.newsletter.blocks


async def test_a_change_is_atomic(mails: MailStore, ada: UUID) -> None:
    [mail] = await mails.add(ada, [an_issue()])

    with pytest.raises(NoSuchBlock):
        await mails.change(ada, mail.id, restore=["c3"], cut=["ffff"])
    assert (await mails.get(ada, mail.id)).newsletter == an_issue()


async def test_another_listeners_mail_is_not_found(mails: MailStore, ada: UUID, bob: UUID) -> None:
    [mail] = await mails.add(ada, [an_issue()])

    with pytest.raises(MailNotFound):
        await mails.get(bob, mail.id)
    with pytest.raises(MailNotFound):
        await mails.change(bob, mail.id, [], ["a1"])
    with pytest.raises(MailNotFound):
        await mails.delete(bob, mail.id)
    assert await mails.get_many(bob, [mail.id]) == []
    assert await mails.get_sizes(bob, [mail.id]) == []
    assert await mails.list(bob, 50, mail.id) == []
    assert await mails.list_new_sizes(bob) == []
    assert (await mails.get(ada, mail.id)).newsletter == an_issue()


async def test_deleting_a_mail_deletes_its_blocks(
    mails: MailStore, ada: UUID, engine: AsyncEngine
) -> None:
    [mail] = await mails.add(ada, [an_issue()])
    await mails.delete(ada, mail.id)

    async with engine.connect() as database:
        assert (
            await database.execute(sa.select(sa.func.count()).select_from(blocks))
        ).scalar() == 0
    with pytest.raises(MailNotFound):
        await mails.delete(ada, mail.id)


async def test_newsletters_are_returned_in_the_order_of_the_ids(
    mails: MailStore, ada: UUID
) -> None:
    first, second = await mails.add(ada, [an_issue("One"), an_issue("Two", 1)])

    found = await mails.get_many(ada, [second.id, uuid4(), first.id])
    assert [mail.newsletter.subject for mail in found] == ["Two", "One"]
    assert found[0].newsletter.blocks == an_issue("Two").blocks


async def test_a_size_matches_the_blocks_after_cuts(mails: MailStore, ada: UUID) -> None:
    first, second = await mails.add(ada, [an_issue("One"), an_issue("Two", 1)])
    await mails.change(ada, first.id, restore=["c3"], cut=["a1"])
    ids = [second.id, uuid4(), first.id]
    read = await mails.get_many(ada, ids)

    assert await mails.get_sizes(ada, ids) == [mail.size for mail in read]
    assert [mail.blocks for mail in await mails.get_sizes(ada, ids)] == [2, 2]
    assert await mails.list_new_sizes(ada) == [read[0].size, read[1].size]


@pytest.mark.parametrize(("stage", "left"), [("ready", ["Two"]), ("failed", ["Two", "One"])])
async def test_new_newsletters_are_those_that_no_finished_episode_covers(
    mails: MailStore, ada: UUID, engine: AsyncEngine, stage: str, left: list[str]
) -> None:
    one, two, _ = await mails.add(
        ada, [an_issue("One"), an_issue("Two", 1), an_issue("Receipt", 2, bulk=False)]
    )
    await finish_episode(engine, ada, one.id, stage)

    subjects = {one.id: "One", two.id: "Two"}
    assert [subjects[one.id] for one in await mails.list_new_sizes(ada)] == left


async def finish_episode(engine: AsyncEngine, listener: UUID, mail: UUID, stage: str) -> None:
    id = await create_episode(engine, listener, stage=stage)
    async with engine.begin() as database:
        covered = True if stage == "ready" else None
        link = {"episode_id": id, "mail_id": mail, "number": 0, "told": covered}
        await database.execute(episode_mails.insert().values(link))


async def test_many_blocks_are_read_in_batches(
    mails: MailStore, engine: AsyncEngine, ada: UUID
) -> None:
    """Rows are built on the event loop: a whole inbox at once would keep it from everybody else."""
    issues = [with_blocks(an_issue(f"Issue {number}"), count) for number, count in enumerate(SIZES)]
    stored = await mails.add(ada, issues)
    with record_statements(engine) as statements:
        read = await mails.get_many(ada, [one.id for one in stored])

    queries = [statement for statement in statements if "blocks.text" in statement.split("FROM")[0]]
    assert [one.newsletter.blocks for one in read] == [one.blocks for one in issues]
    assert len(queries) >= sum(SIZES) / (2 * READ_BATCH)
    assert len(queries) < len(SIZES)


SIZES = [1, READ_BATCH + 300, 900, 900, 900, 1, 2, 900]


async def test_long_texts_and_long_links_are_inserted_by_statements_of_their_own(
    engine: AsyncEngine, mails: MailStore, ada: UUID
) -> None:
    """The event loop prepares what a statement inserts, and serves no other request meanwhile."""
    links = tuple(Link("x", f"https://example.org/{n}{'x' * 2_000}") for n in range(100))
    issue = with_blocks(an_issue(), 20)
    long_links = tuple(replace(block, links=links) for block in issue.blocks)
    long_texts = tuple(replace(block, text="x" * 210_000) for block in issue.blocks)
    with record_statements(engine) as statements:
        await mails.add(ada, [replace(issue, digest="1" * 64, blocks=long_links)])
        await mails.add(ada, [replace(issue, digest="2" * 64, blocks=long_texts)])

    assert sum(one.startswith("INSERT INTO blocks") for one in statements) == 2 * 20


@contextmanager
def record_statements(engine: AsyncEngine) -> Iterator[list[str]]:
    """Collect every statement sent to the database."""
    statements: list[str] = []

    def append(_: object, __: object, statement: str, *___: object) -> None:
        statements.append(statement)

    sa.event.listen(engine.sync_engine, "before_cursor_execute", append)
    try:
        yield statements
    finally:
        sa.event.remove(engine.sync_engine, "before_cursor_execute", append)


def with_blocks(issue: Newsletter, count: int) -> Newsletter:
    digest = issue.digest[:16]
    many = tuple(
        Block(f"{digest}.{number}", BlockKind.PARAGRAPH, f"Bean {number}.", (), None)
        for number in range(count)
    )
    return replace(issue, blocks=many)

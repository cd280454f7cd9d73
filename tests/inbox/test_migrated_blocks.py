"""The migration of roles and levels: mails of the previous version keep their blocks."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import sqlalchemy as sa
from audiobrew.db.engine import migrate, open_database, sqlalchemy_url, upgrade
from audiobrew.db.tables import blocks, listeners
from audiobrew.inbox.store import MailStore
from audiobrew.mail.newsletter import Block, BlockKind, Cut, Link

from tests.inbox.test_migrated_coverage import a_mail, put
from tests.settings_factory import connect_to_tables, make_settings

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
BLOCKS = (
    Block("a1", BlockKind.HEADING, "Beans are back"),
    Block("b2", BlockKind.PARAGRAPH, "From Huila.", (Link("Huila", "https://h.example"),)),
    Block("c3", BlockKind.TABLE_ROW, "Huila: 3.85 dollars"),
    Block("d4", BlockKind.PARAGRAPH, "Our sponsor sells mugs.", cut=Cut.SPONSOR),
)


def put_block(database: sa.Connection, mail: UUID, number: int, block: Block) -> None:
    links = [{"text": link.text, "url": link.url} for link in block.links]
    content = {"kind": block.kind.value, "text": block.text, "links": links, "cut": block.cut}
    put(database, blocks, mail_id=mail, number=number, id=block.id, **content)


async def test_blocks_of_the_previous_version_are_read_as_they_were(tmp_path: Path) -> None:
    settings, ada = make_settings(data=tmp_path / "before"), uuid4()
    (tmp_path / "before").mkdir()
    upgrade(sqlalchemy_url(settings), "0013", settings.database_schema)
    with connect_to_tables(tmp_path / "before") as database:
        put(database, listeners, id=ada, show_id=uuid4(), created_at=NOW)
        mail = a_mail(database, ada, "Beans")
        for number, block in enumerate(BLOCKS):
            put_block(database, mail, number, block)
    await migrate(settings)
    engine = open_database(settings)
    store = MailStore(engine)
    migrated = (await store.get(ada, mail)).newsletter.blocks
    changed = await store.change(ada, mail, restore=["d4"], cut=["a1"])
    await engine.dispose()

    assert migrated == BLOCKS
    assert [block.id for block in changed.newsletter.uncut_blocks] == ["b2", "c3", "d4"]


async def test_the_previous_version_reads_and_writes_beside_the_present_one(tmp_path: Path) -> None:
    """It does not know the new columns while both run during a deployment."""
    settings, ada = make_settings(data=tmp_path / "both"), uuid4()
    await migrate(settings)
    with connect_to_tables(tmp_path / "both") as database:
        put(database, listeners, id=ada, show_id=uuid4(), created_at=NOW)
        mail = a_mail(database, ada, "Beans")
        put_block(database, mail, 0, BLOCKS[0])
    engine = open_database(settings)
    stored = (await MailStore(engine).get(ada, mail)).newsletter.blocks
    await engine.dispose()

    assert stored == BLOCKS[:1]

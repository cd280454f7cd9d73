"""The migration of coverage: finished episodes cover the newsletters that their scripts cite."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import sqlalchemy as sa
from audiobrew.db.engine import migrate, open_database, sqlalchemy_url, upgrade
from audiobrew.db.tables import episode_mails, episodes, listeners, mails, sentences, sources
from audiobrew.inbox.coverage import list_ordered_newsletters
from audiobrew.inbox.store import MailStore

from tests.row_factory import episode_row
from tests.settings_factory import connect_to_tables, make_settings

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)


def put(database: sa.Connection, table: sa.Table, **row: object) -> None:
    """Insert a row with the columns of the previous version."""
    database.execute(
        sa.insert(sa.table(table.name, *(sa.column(n, table.c[n].type) for n in row))), row
    )


def a_mail(database: sa.Connection, listener: UUID, subject: str) -> UUID:
    id, letter = (
        uuid4(),
        {"key": "k", "sender": subject, "address": "a@b.example", "language": "en"},
    )
    own = {"id": id, "listener_id": listener, "digest": id.hex, "subject": subject, "bulk": True}
    put(database, mails, **own, **letter, received_at=NOW, created_at=NOW)
    return id


def test_coverage_is_known_for_episodes_of_the_previous_version(tmp_path: Path) -> None:
    settings = make_settings(data=tmp_path)
    settings.data.mkdir(exist_ok=True)
    upgrade(sqlalchemy_url(settings), "0007", settings.database_schema)
    ada, names = uuid4(), ("Told", "Cut short", "Unheard", "Failed", "Gone")
    with connect_to_tables(tmp_path) as database:
        put(database, listeners, id=ada, show_id=uuid4(), created_at=NOW)
        ids = {name: a_mail(database, ada, name) for name in names}
        ready = episode_row(ada, "ready", NOW) | {"request_hash": "here", "published_at": NOW}
        failed, old = episode_row(ada, "failed", NOW), episode_row(ada, "ready", NOW)
        for row in (ready, failed, old):
            put(database, episodes, **row)
        for number, name in enumerate(names):
            episode = failed["id"] if name == "Failed" else ready["id"]
            link = {"episode_id": episode, "mail_id": ids[name], "number": number}
            put(database, episode_mails, **link)
            said = {"kind": "sourced", "text": name, "cites": [f"b{number}"], "segment": 0}
            place_ = {"episode_id": episode, "number": number, "speaker": "first"}
            heard = {"dropped": "time" if name == "Cut short" else None}
            heard |= {"start": None if name == "Unheard" else 1.0}
            put(database, sentences, **place_, **said, **heard)
            block = {"episode_id": episode, "block_id": f"b{number}", "mail_id": ids[name]}
            put(
                database,
                sources,
                **block,
                sender=name,
                subject=name,
                kind="paragraph",
                text=name,
                links=[],
            )
        database.execute(mails.delete().where(mails.c.id == ids["Gone"]))

    import anyio

    anyio.run(check_coverage, tmp_path, ada, ready["id"], failed["id"], old["id"])


async def check_coverage(folder: Path, ada: UUID, ready: UUID, failed: UUID, old: UUID) -> None:
    settings = make_settings(data=folder)
    await migrate(settings)
    engine = open_database(settings)
    async with engine.connect() as database:
        told = {one.subject: one.told for one in await list_ordered_newsletters(database, ready)}
        [unknown] = await list_ordered_newsletters(database, failed)
        counts = dict(
            (await database.execute(sa.select(episodes.c.id, episodes.c.newsletters_told))).all()  # type: ignore[arg-type]
        )
    untold = {
        mail.newsletter.subject
        for mail in await MailStore(engine).list(ada, 9, None)
        if mail.is_new
    }
    await engine.dispose()

    assert told == {"Told": True, "Cut short": False, "Unheard": False, "Gone": True}
    assert unknown.told is None
    assert counts == {ready: 2, failed: None, old: None}
    assert untold == {"Cut short", "Unheard", "Failed"}

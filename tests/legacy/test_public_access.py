"""What the public key, or another listener's session, can read before, during and after the import."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.legacy.old_project import SECRET, OldProject, create_old_project
from tests.postgres import Cluster
from tests.standins.old import as_api, as_dashboard

OURS = """
select table_schema || '.' || table_name from information_schema.tables
where table_schema in ('audiobrew', 'audiobrew_engine') and table_type = 'BASE TABLE' order by 1
"""
OLD = ("public.podcasts", "public.gmail_connections")


@pytest.fixture
def exposed(postgres: Cluster, tmp_path: Path) -> Iterator[OldProject]:
    """The old application with its public access still open."""
    with create_old_project(postgres, tmp_path) as old:
        yield old


def readable(old: OldProject, mallory: str) -> set[tuple[str, str]]:
    """The tables that show rows of others to an anonymous client or to a signed-in listener."""
    tables = [*OLD, *(name for (name,) in old.ask(OURS))]
    assert len(tables) > 20
    return {
        (role, table)
        for role, table in product(("anon", "authenticated"), tables)
        if rows(old, role, mallory, table)
    }


def rows(old: OldProject, role: str, mallory: str, table: str) -> list[dict[str, Any]]:
    try:
        with as_api(old.owner, role, mallory if role == "authenticated" else "") as database:
            rows = database.execute(f"select t::text as row from {table} t".encode()).fetchall()
    except psycopg.errors.InsufficientPrivilege:
        return []
    return [row for row in rows if mallory not in row["row"]]


def writable(old: OldProject, role: str, mallory: str, ada: str) -> set[str]:
    """The tables in which another listener's rows can be changed or deleted."""
    tables = set()
    for table in OLD:
        for change in (
            "update {} set updated_at = now() where user_id = %s",
            "delete from {} where user_id = %s",
        ):
            try:
                with as_api(
                    old.owner, role, mallory if role == "authenticated" else ""
                ) as database:
                    if database.execute(change.format(table).encode(), [ada]).rowcount:
                        tables.add(table)
                    database.rollback()
            except psycopg.errors.InsufficientPrivilege:
                continue
    return tables


def test_nothing_is_public_at_any_step_after_public_access_is_closed(
    exposed: OldProject,
) -> None:
    ada, mallory = exposed.listener("ada"), exposed.listener("mallory")
    exposed.podcast(ada)
    exposed.mailbox(ada)
    readable_rows = {}
    readable_rows["today"] = readable(exposed, mallory)
    [row] = rows(exposed, "anon", mallory, "public.gmail_connections")
    assert SECRET in row["row"]
    assert "public.gmail_connections" in writable(exposed, "anon", mallory, ada)
    assert "deploy/close-public-access.sql" in exposed.adopt(code=2)
    assert "deploy/close-public-access.sql" in exposed.adopt("--dry-run", code=2)

    exposed.close_public_access()
    readable_rows["closed"] = readable(exposed, mallory)
    exposed.supabase.inject("/storage/v1/object/authenticated/podcasts", status=503, times=3)
    exposed.adopt(code=1)
    readable_rows["half adopted"] = readable(exposed, mallory)
    exposed.adopt()
    readable_rows["adopted"] = readable(exposed, mallory)
    exposed.grant_export()
    exposed.add_own_episode(ada)
    exposed.adopt("--back", "--yes")
    readable_rows["copied back"] = readable(exposed, mallory)
    exposed.adopt("--undo-back")
    exposed.adopt("--close-bucket", "--yes")
    readable_rows["bucket closed"] = readable(exposed, mallory)

    everybody = {("anon", OLD[1]), ("authenticated", OLD[1])}
    assert readable_rows.pop("today") == everybody
    assert {step: seen for step, seen in readable_rows.items() if seen} == {}
    for role in ("anon", "authenticated"):
        assert writable(exposed, role, mallory, ada) == set()


def test_listeners_still_see_their_own_episodes_but_no_secrets(exposed: OldProject) -> None:
    ada = exposed.listener()
    exposed.podcast(ada)
    exposed.mailbox(ada)
    exposed.close_public_access()

    with as_api(exposed.owner, "authenticated", ada) as mine:
        assert len(mine.execute("select 1 from public.podcasts").fetchall()) == 1
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        as_api(exposed.owner, "authenticated", ada) as mine,
    ):
        mine.execute("select credentials from public.gmail_connections")


def test_the_old_application_keeps_working(exposed: OldProject) -> None:
    ada = exposed.listener()
    exposed.mailbox(ada)
    exposed.close_public_access()
    exposed.close_public_access()
    rows = exposed.application().rows

    rows.add_podcast(user_id=ada, title="t", duration=1, source_emails=1)
    rows.keep_connection(ada, {"refresh_token": "new", "email": "ada@mail.example"})

    assert len(rows.podcasts(ada)) == 1
    connection = rows.connection(ada)
    assert connection
    assert connection["credentials"]["refresh_token"] == "new"


def test_closing_public_access_waits_only_briefly_for_locks(exposed: OldProject) -> None:
    with as_dashboard(exposed.owner) as dashboard:
        dashboard.execute(b"begin; lock table public.gmail_connections in access share mode")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            exposed.close_public_access()


@pytest.mark.parametrize(
    "change",
    [
        "grant select on public.podcasts to anon; alter table public.podcasts disable row level security",
        "create policy again on public.podcasts for select to authenticated using (true)",
    ],
)
def test_another_public_policy_is_detected(exposed: OldProject, change: str) -> None:
    exposed.close_public_access()
    with as_dashboard(exposed.owner) as database:
        database.execute(change.encode())

    assert "public key" in exposed.adopt("--dry-run", code=2)


def test_missing_or_unreadable_tables_are_reported(exposed: OldProject) -> None:
    exposed.close_public_access()
    with as_dashboard(exposed.owner) as database:
        database.execute(b"drop policy audiobrew_reads on public.podcasts")
    assert "deploy/supabase.sql" in exposed.adopt(code=2)
    with as_dashboard(exposed.owner) as database:
        database.execute(b"drop table public.podcasts")

    assert "no old application to import from" in exposed.adopt(code=2)

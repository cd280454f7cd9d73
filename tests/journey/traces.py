"""Where anything of a listener could be left: every table of every schema, the bucket, files, accounts."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import psycopg

from tests.production import Production

TABLES = """
select format('%I.%I', table_schema, table_name) from information_schema.tables
where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')
order by 1
"""


def places_with(made: Production, traces: Iterable[str]) -> list[str]:
    """The name of everything kept that holds one of these, in clear or as a database writes bytes."""
    wanted = [form for trace in traces for form in (trace, trace.encode().hex())]
    return [name for name, kept in everything(made) if any(form in kept for form in wanted)]


def everything(made: Production) -> Iterator[tuple[str, str]]:
    yield from rows(made)
    yield from objects(made)
    yield from files(made.folder)
    for id, user in made.vendors.supabase.users.items():
        yield "Supabase's users", f"{id} {user.email}"


def rows(made: Production) -> Iterator[tuple[str, str]]:
    with psycopg.connect(made.postgres.as_owner(made.database)) as database:
        for (name,) in database.execute(TABLES).fetchall():
            kept = database.execute(f"select t::text from {name} t".encode()).fetchall()
            yield name, str(kept)


def objects(made: Production) -> Iterator[tuple[str, str]]:
    for bucket in list(made.vendors.supabase.buckets.values()):
        for key, kept in list(bucket.objects.items()):
            yield f"{bucket.id}/{key}", key + kept.data.decode("latin-1")


def files(folder: Path) -> Iterator[tuple[str, str]]:
    """The logs, too: no line of theirs may name anybody."""
    for file in folder.rglob("*"):
        if file.is_file():
            yield str(file.relative_to(folder)), file.name + file.read_bytes().decode("latin-1")

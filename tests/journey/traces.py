"""Finds traces of a listener: in all tables of all schemas, in the bucket, in files and among the users."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import psycopg

from tests.production import Production

TABLES = """
select format('%I.%I', table_schema, table_name) from information_schema.tables
where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')
order by 1
"""


def places_with(product: Production, traces: Iterable[str]) -> list[str]:
    """The names of the places that contain one of the traces, as text or as hexadecimal bytes."""
    patterns = [form for trace in traces for form in (trace, trace.encode().hex())]
    return [
        name
        for name, content in everything(product)
        if any(pattern in content for pattern in patterns)
    ]


def everything(product: Production) -> Iterator[tuple[str, str]]:
    yield from rows(product)
    yield from objects(product)
    yield from files(product.folder)
    for id, user in product.vendors.supabase.users.items():
        yield "Supabase's users", f"{id} {user.email}"


def rows(product: Production) -> Iterator[tuple[str, str]]:
    with psycopg.connect(product.postgres.as_owner(product.database)) as database:
        for (name,) in database.execute(TABLES).fetchall():
            content = database.execute(f"select t::text from {name} t".encode()).fetchall()
            yield name, str(content)


def objects(product: Production) -> Iterator[tuple[str, str]]:
    for bucket in list(product.vendors.supabase.buckets.values()):
        for key, stored_object in list(bucket.objects.items()):
            yield f"{bucket.id}/{key}", key + stored_object.data.decode("latin-1")


def files(folder: Path) -> Iterator[tuple[str, str]]:
    """All files, including the logs, which must not name anybody."""
    for file in folder.rglob("*"):
        if file.is_file():
            yield str(file.relative_to(folder)), file.name + file.read_bytes().decode("latin-1")

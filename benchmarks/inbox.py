"""How fast `GET /api/mail` is for a listener with 100 and with 20,000 mails, as production runs it.

`python benchmarks/inbox.py [SECONDS]`. The database is Postgres, the token is one of Supabase's stand-in, and
the limit is the default. A fifth of the mails are copies of another one. wrk and the floor are as in
`listing.py`.
"""

import asyncio
import shutil
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx2
import sqlalchemy as sa
from audiobrew.db.batches import batched
from audiobrew.db.engine import open_database
from audiobrew.db.tables import blocks, mails
from audiobrew.settings import Settings
from listing import CONNECTIONS, floor, measure_load

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.production import Production, production

INBOX = "/api/mail"
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
BLOCKS = 20
COPIES_ONE_IN = 10


async def fill_inbox(product: Production, listener: UUID, count: int) -> None:
    engine = open_database(Settings(data=product.data, database_url=product.database))
    for numbers in batched(range(count), 500):
        rows = list(mail_rows(listener, numbers))
        async with engine.begin() as database:
            await database.execute(mails.insert(), rows)
            own_blocks = [block_row(row["id"], number) for row in rows for number in range(BLOCKS)]
            await database.execute(blocks.insert(), own_blocks)
    async with engine.connect() as database:
        await database.execution_options(isolation_level="AUTOCOMMIT")
        await database.execute(sa.text("vacuum analyze"))
    await engine.dispose()


def mail_rows(listener: UUID, numbers: tuple[int, ...]) -> Iterator[dict[str, Any]]:
    issue_id = None
    for number in numbers:
        id, received_at = uuid4(), NOON - timedelta(minutes=number)
        # Every tenth mail and the one before it are copies of one issue.
        issue_id = id if number % COPIES_ONE_IN == 0 else issue_id
        row = {
            "id": id,
            "listener_id": listener,
            "digest": f"{number:064x}",
            "key": f"letter{number % 40}.example",
            "sender": f"Letter {number % 40}",
            "address": f"news@letter{number % 40}.example",
            "subject": f"Issue {number}",
            "language": "en",
            "bulk": True,
            "told_blocks": BLOCKS,
            "told_characters": BLOCKS * 300,
            "characters": BLOCKS * 300,
            "received_at": received_at,
            "created_at": received_at,
            "fingerprint": number.to_bytes(4) + bytes(2_000),
            "issue_id": issue_id if number % COPIES_ONE_IN < 2 else None,
        }
        # Tables of earlier versions have fewer columns.
        yield {name: value for name, value in row.items() if name in mails.c}


def block_row(mail: UUID, number: int) -> dict[str, Any]:
    row = {"mail_id": mail, "number": number, "id": f"{number:02x}", "kind": "paragraph"}
    return row | {"text": "The harbour opens again. " * 12, "links": [], "cut": None}


def measure(count: int, seconds: int) -> None:
    with tempfile.TemporaryDirectory() as name, production(Path(name)) as product:
        product.serve()
        ada = product.sign_up("ada@mail.example")
        headers = {"Authorization": f"Bearer {ada.token}"}
        httpx2.get(product.url + INBOX, headers=headers).raise_for_status()  # makes the listener
        asyncio.run(fill_inbox(product, UUID(ada.id), count))
        response = httpx2.get(product.url + INBOX, headers=headers, timeout=60).raise_for_status()
        measure_load(product.url + INBOX, ada.token, 1)
        rate, slowest = measure_load(product.url + INBOX, ada.token, seconds)
        product.stop()
        body = Path(name, "body.json")
        body.write_bytes(response.content)
        bare_rate, bare_slowest = floor(body, seconds)
    print(
        f"{count:6} mails ({len(response.content)} bytes): {rate:6.1f} req/s, p99 {slowest:7.1f} ms;"
        f" bare {bare_rate:6.0f} req/s, p99 {bare_slowest:5.1f} ms; {rate / bare_rate:.3f} of bare",
        flush=True,
    )


def main(seconds: int) -> None:
    if not shutil.which("wrk"):
        raise SystemExit("Please install wrk (on Debian: apt-get install wrk).")
    print(f"{CONNECTIONS} connections by wrk, {seconds} s each; target: the same at 100 and 20,000")
    for count in (100, 20_000):
        measure(count, seconds)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 8)

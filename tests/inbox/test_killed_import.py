"""The product is killed while it reads an import, and goes on when it is started again."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx2

from tests.inbox.test_import_routes import begin, send_part, wait_until_ended
from tests.inbox.test_routes import mbox
from tests.product import Product
from tests.serving import a_mail

# Several batches, so that the import goes on for a while after the first one is stored.
COUNT = 400


def test_a_killed_product_reads_every_mail_once(tmp_path: Path) -> None:
    content = mbox(*(a_mail(f"Issue {number}") for number in range(COUNT)))
    product = Product(tmp_path / "data")
    try:
        id = begin(product.http, len(content))["id"]
        send_part(product.http, id, 0, content)
        wait_until_partly_read(product.http, id)
        product.http.close()
    finally:
        product.kill()
    state, stored_count = read_database(tmp_path / "data")
    assert state == "reading"  # else the kill came too late to prove anything
    assert 0 < stored_count < COUNT

    product = Product(tmp_path / "data")
    try:
        done = wait_until_ended(product.http, id)
        late = time.monotonic() + 120
        while list((tmp_path / "data" / "media").rglob("*.part")):
            assert time.monotonic() < late
            time.sleep(0.2)
    finally:
        product.stop()

    assert (done["status"], done["mails"], done["newsletters"]) == ("done", COUNT, COUNT)
    assert done["added"] == COUNT
    assert read_database(tmp_path / "data") == ("done", COUNT)


def wait_until_partly_read(client: httpx2.Client, id: str) -> None:
    late = time.monotonic() + 120
    while not 0 < client.get(f"/api/mail/imports/{id}").json()["mails"] < COUNT:
        assert time.monotonic() < late
        time.sleep(0.02)


def read_database(data: Path) -> tuple[Any, ...]:
    """The state of the import, and how many mails are stored."""
    with closing(sqlite3.connect(data / "audiobrew.sqlite")) as database:
        query = "select (select state from imports), (select count(*) from mails)"
        return tuple(database.execute(query).fetchone())

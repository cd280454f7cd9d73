"""The mailbox drill: `python -m tests.drills.mailbox`. A large mailbox is read by a product that is killed.

A real Dovecot holds 20,000 mails; every fifth is from a person. The product is killed five times while it
reads them, and started again. Every newsletter must be stored once, none of the others, and nothing may be
marked as read.
"""

import argparse
import os
import random
import sqlite3
import sys
import tempfile
from collections import Counter
from contextlib import closing
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import psutil

from tests.drills.mail_factory import letter
from tests.product import Product
from tests.sources.world import a_letter
from tests.standins.dovecot import PASSWORD, USER, Dovecot, running_dovecot

MINUTES = 60


def is_personal(number: int) -> bool:
    return number % 5 == 4


def fill(server: Dovecot, count: int) -> None:
    server.deliver(*(a_letter(n) if is_personal(n) else letter(n) for n in range(count)))


def source(product: Product) -> dict[str, Any]:
    [source] = product.http.get("/api/sources").raise_for_status().json()
    return dict(source)


def megabytes(product: Product) -> float:
    """The memory of the product and its parsers, pages that they share counted once."""
    own = psutil.Process(product.process.pid)
    total = 0
    for process in (own, *own.children(recursive=True)):
        try:
            total += process.memory_full_info().uss
        except psutil.NoSuchProcess:
            continue
    return total / 2**20


def watch(product: Product, until: int | None) -> tuple[dict[str, Any], float]:
    """Wait for a position of the long look, or for its end. Returns the source and the most memory in MB."""
    most, end = 0.0, monotonic() + MINUTES * 60
    while monotonic() < end:
        state = source(product)
        most = max(most, megabytes(product))
        if state["state"] == "up_to_date" or (until and state["position"] >= until):
            return state, most
        assert state["state"] in ("waiting", "reading"), state
        sleep(0.25)
    raise AssertionError(state)


def stored(data: Path) -> Counter[str]:
    with closing(sqlite3.connect(data / "audiobrew.sqlite")) as database:
        return Counter(subject for (subject,) in database.execute("select subject from mails"))


def drill(folder: Path, server: Dovecot, count: int, kills: int, seed: int) -> bool:
    environment = {"SSL_CERT_FILE": str(server.certificate), "AUDIOBREW_PRIVATE_SOURCES": "on"}
    places = sorted(random.Random(seed).sample(range(count // 20, count - count // 20), kills))
    begun, most = monotonic(), 0.0
    product = Product(folder, **environment)
    try:
        mailbox = {"host": "localhost", "port": server.tls, "user": USER, "password": PASSWORD}
        product.http.post("/api/sources/imap", json=mailbox).raise_for_status()
        for place in places:
            state, memory = watch(product, place)
            most = max(most, memory)
            product.kill()
            known = sum(stored(folder).values())
            print(f"killed at mail {state['position']:,} of {state['total']:,}; {known:,} stored")
            product = Product(folder, **environment)
        state, memory = watch(product, None)
    finally:
        product.stop()
    subjects, newsletters = stored(folder), count - count // 5
    twice = sum(times - 1 for times in subjects.values())
    unseen = server.unseen()
    print(f"{count:,} mails in {monotonic() - begun:.0f} s, at most {max(most, memory):.0f} MB")
    print(f"newsletters stored: {len(subjects):,} of {newsletters:,}, {twice} of them twice")
    print(f"mails marked as read: {count - unseen}")
    return len(subjects) == newsletters and twice == 0 and unseen == count


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if os.geteuid() != 0:
        parser.error("Dovecot is started as root")
    with running_dovecot() as server, tempfile.TemporaryDirectory() as folder:
        fill(server, options.mails)
        is_whole = drill(Path(folder), server, options.mails, options.kills, options.seed)
    return 0 if is_whole else 1


if __name__ == "__main__":
    sys.exit(main())

"""Limits on what one listener may upload and store, with concurrent requests, and on the memory for it."""

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from itertools import count
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import anyio
import httpx2
import psutil
import pytest
from anyio import to_thread
from audiobrew.inbox import upload
from audiobrew.inbox.upload import MAX_WAITING_UPLOADS, read_upload
from audiobrew.mail.limits import Limits
from audiobrew.mail.mail import InboxFull
from audiobrew.mail.newsletter import Newsletter
from audiobrew.mail.parsing.parser import LoadMail, MailParser, ParserInProcess

from tests.inbox.test_routes import mbox, send
from tests.mail.test_linear_time import HEAD, SHAPES
from tests.product import run_product
from tests.second_listener import create_token
from tests.serving import Service, a_mail, service_settings, serving
from tests.settings_factory import POSTGRES

FIFTY, ROOM = 50, 7


@pytest.mark.parametrize("limit", ["mails", "text"])
def test_an_inbox_stores_as_many_of_fifty_concurrent_mails_as_fit(
    tmp_path: Path, limit: str
) -> None:
    """Requests that are refused because other uploads wait are repeated until they succeed or do not fit."""
    size = 2_000
    limits = {
        "mails": {"mails_per_listener": ROOM},
        "text": {"text_bytes_per_listener": ROOM * size + size - 1},
    }
    with serving(service_settings(tmp_path, **limits[limit])) as service:
        headers = {"Authorization": f"Bearer {service.sign_in()}"}
        own = httpx2.Client(base_url=service.url, headers=headers, timeout=300)

        def send_until_decided(number: int) -> int:
            while (answer := send(own, long_mail(number, size))).status_code == 429:
                assert answer.headers["retry-after"] == "10"
                sleep(1)
            return answer.status_code

        with own, ThreadPoolExecutor(FIFTY) as pool:
            statuses = Counter(pool.map(send_until_decided, range(FIFTY)))
            kept = own.get("/api/mail?limit=200").json()

    assert statuses == {201: ROOM, 409: FIFTY - ROOM}
    assert len(kept) == ROOM


def long_mail(number: int, size: int) -> bytes:
    """A mail whose text is one block of `size` characters."""
    text = f"Number {number:02}: " + "The harbour opens its new pier on Monday. " * (size // 42 + 1)
    return HEAD.replace(b"Subject: x", f"Subject: {number}".encode()) + b"\n" + text[:size].encode()


class BlockedParser:
    """Parses nothing until `release` is set."""

    def __init__(self, parser: MailParser) -> None:
        self._parser = parser
        self.release = threading.Event()
        self.running = 0

    async def parse(self, load: LoadMail) -> Newsletter:
        self.running += 1
        try:
            await to_thread.run_sync(self.release.wait)
            return await self._parser.parse(load)
        finally:
            self.running -= 1


@contextmanager
def block_parser(service: Service) -> Iterator[BlockedParser]:
    ports = service.app.state.ports
    parser = BlockedParser(ports.parser)
    service.app.state.ports = replace(ports, parser=parser)
    try:
        yield parser
    finally:
        parser.release.set()
        service.app.state.ports = ports


def test_uploads_of_one_listener_queue_and_too_many_are_refused(
    service: Service, owner: httpx2.Client, second: httpx2.Client
) -> None:
    upload_counts = service.app.state.ports.uploads._counts
    with ThreadPoolExecutor(MAX_WAITING_UPLOADS + 1) as pool, block_parser(service) as parser:
        uploads = [
            pool.submit(send, owner, a_mail(f"Turn {n}")) for n in range(MAX_WAITING_UPLOADS)
        ]
        wait_until(lambda: upload_counts.total() == MAX_WAITING_UPLOADS and parser.running == 1)
        refused = send(owner, a_mail("One too many"))
        other = pool.submit(send, second, a_mail("Of somebody else"))
        wait_until(lambda: parser.running == 2)
        parser.release.set()
        statuses = [one.result().status_code for one in [*uploads, other]]

    assert refused.status_code == 429
    assert refused.json()["type"] == "/problems/uploads-running"
    assert refused.headers["retry-after"] == "10"
    assert statuses == [201] * (MAX_WAITING_UPLOADS + 1)
    assert send(owner, a_mail("One too many")).status_code == 201


def wait_until(condition: Any) -> None:
    deadline = monotonic() + 120
    while not condition():
        assert monotonic() < deadline
        sleep(0.01)


async def test_an_upload_is_stored_in_batches_of_limited_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(upload, "BLOCKS_PER_BATCH", 5)
    batch_sizes: list[int] = []

    async def store(newsletters: Sequence[Newsletter]) -> Sequence[Newsletter]:
        batch_sizes.append(sum(len(newsletter.blocks) for newsletter in newsletters))
        return list(newsletters)

    mails = [a_mail(f"Part {n}") for n in range(9)]
    stored, skipped = await read_upload(
        ParserInProcess(Limits()), BytesIO(mbox(*mails)), "in.mbox", Limits(), store
    )

    assert [newsletter.subject for newsletter in stored] == [f"Part {n}" for n in range(9)]
    assert skipped == []
    assert len(batch_sizes) > 2
    assert max(batch_sizes) <= 5 + len(stored[0].blocks)


async def test_mails_that_do_not_fit_into_a_full_inbox_are_skipped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(upload, "BLOCKS_PER_BATCH", 1)
    calls = count()

    async def store(newsletters: Sequence[Newsletter]) -> Sequence[Newsletter]:
        if next(calls) >= 2:
            raise InboxFull
        return list(newsletters)

    file = mbox(*(a_mail(f"Fits {n}") for n in range(4)))
    stored, skipped = await read_upload(
        ParserInProcess(Limits()), BytesIO(file), "in.mbox", Limits(), store
    )
    with pytest.raises(InboxFull):
        await read_upload(ParserInProcess(Limits()), BytesIO(a_mail()), "a.eml", Limits(), store)

    assert [newsletter.subject for newsletter in stored] == ["Fits 0", "Fits 1"]
    assert [one.name for one in skipped] == ["in.mbox, mail 3", "in.mbox, mail 4"]
    assert {one.reason for one in skipped} == {str(InboxFull())}


@pytest.mark.skipif(bool(POSTGRES), reason="the memory is the API's, whose product has SQLite here")
def test_ten_large_concurrent_uploads_take_little_memory(tmp_path: Path) -> None:
    """Such mails once took 3.2 GB. The limit is two parsers of 512 MB each, plus the API."""
    mail = SHAPES["newlines"](10_000_000)
    with run_product(tmp_path / "data") as product:
        tokens = [anyio.run(create_token, tmp_path / "data") for _ in range(10)]
        before = megabytes(product.process.pid)

        def upload_twice(token: str) -> list[int]:
            headers = {"Authorization": f"Bearer {token}"}
            with httpx2.Client(base_url=product.url, headers=headers, timeout=300) as client:
                return [send(client, mail).status_code for _ in range(2)]

        with ThreadPoolExecutor(len(tokens)) as pool:
            uploads = [pool.submit(upload_twice, token) for token in tokens]
            peak = before
            while not all(one.done() for one in uploads):
                peak = max(peak, megabytes(product.process.pid))
                sleep(0.05)
            statuses = Counter(status for one in uploads for status in one.result())

    assert statuses.total() == 20
    assert statuses.keys() <= {201, 413, 422}
    assert peak < before + 2 * 512 + 300


def megabytes(pid: int) -> float:
    """Resident memory of a process and its children."""
    server = psutil.Process(pid)
    total = 0
    for process in [server, *server.children(recursive=True)]:
        try:
            total += process.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total / 2**20

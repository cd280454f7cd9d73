"""What one listener may upload and keep, under fifty requests at once; and what uploads take of memory."""

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
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
def test_an_inbox_takes_of_fifty_mails_at_once_as_many_as_fit(tmp_path: Path, limit: str) -> None:
    """Who is refused because other uploads wait sends again, until it is taken or does not fit."""
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
    """Its text is one block of so many characters."""
    text = f"Number {number:02}: " + "The harbour opens its new pier on Monday. " * (size // 42 + 1)
    return HEAD.replace(b"Subject: x", f"Subject: {number}".encode()) + b"\n" + text[:size].encode()


class HeldParser:
    """Reads nothing until it is let go."""

    def __init__(self, parser: MailParser) -> None:
        self._parser = parser
        self.let_go = threading.Event()
        self.at_once = 0

    async def parse(self, take: LoadMail) -> Newsletter:
        self.at_once += 1
        try:
            await to_thread.run_sync(self.let_go.wait)
            return await self._parser.parse(take)
        finally:
            self.at_once -= 1


@contextmanager
def held_parser(service: Service) -> Iterator[HeldParser]:
    ports = service.app.state.ports
    parser = HeldParser(ports.parser)
    service.app.state.ports = replace(ports, parser=parser)
    try:
        yield parser
    finally:
        parser.let_go.set()
        service.app.state.ports = ports


def test_uploads_of_a_listener_wait_in_turn_and_too_many_are_told_to_come_back(
    service: Service, owner: httpx2.Client, second: httpx2.Client
) -> None:
    waiting = service.app.state.ports.uploads._waiting
    with ThreadPoolExecutor(MAX_WAITING_UPLOADS + 1) as pool, held_parser(service) as parser:
        sent = [pool.submit(send, owner, a_mail(f"Turn {n}")) for n in range(MAX_WAITING_UPLOADS)]
        until(lambda: waiting.total() == MAX_WAITING_UPLOADS and parser.at_once == 1)
        refused = send(owner, a_mail("One too many"))
        others = pool.submit(send, second, a_mail("Of somebody else"))
        until(lambda: parser.at_once == 2)
        parser.let_go.set()
        statuses = [one.result().status_code for one in [*sent, others]]

    assert refused.status_code == 429
    assert refused.json()["type"] == "/problems/uploads-running"
    assert refused.headers["retry-after"] == "10"
    assert statuses == [201] * (MAX_WAITING_UPLOADS + 1)
    assert send(owner, a_mail("One too many")).status_code == 201


def until(true: Any) -> None:
    late = monotonic() + 120
    while not true():
        assert monotonic() < late
        sleep(0.01)


async def test_an_upload_is_kept_in_parts_of_a_bounded_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(upload, "BLOCKS_PER_BATCH", 5)
    parts: list[int] = []

    async def keep(newsletters: Sequence[Newsletter]) -> Sequence[Newsletter]:
        parts.append(sum(len(newsletter.blocks) for newsletter in newsletters))
        return list(newsletters)

    mails = [a_mail(f"Part {n}") for n in range(9)]
    kept, skipped = await read_upload(
        ParserInProcess(Limits()), mbox(*mails), "in.mbox", Limits(), keep
    )

    assert [newsletter.subject for newsletter in kept] == [f"Part {n}" for n in range(9)]
    assert skipped == []
    assert len(parts) > 2
    assert max(parts) <= 5 + len(kept[0].blocks)


async def test_what_does_not_fit_into_the_inbox_any_more_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(upload, "BLOCKS_PER_BATCH", 1)
    room = count()

    async def keep(newsletters: Sequence[Newsletter]) -> Sequence[Newsletter]:
        if next(room) >= 2:
            raise InboxFull
        return list(newsletters)

    file = mbox(*(a_mail(f"Fits {n}") for n in range(4)))
    kept, skipped = await read_upload(ParserInProcess(Limits()), file, "in.mbox", Limits(), keep)
    with pytest.raises(InboxFull):
        await read_upload(ParserInProcess(Limits()), a_mail(), "a.eml", Limits(), keep)

    assert [newsletter.subject for newsletter in kept] == ["Fits 0", "Fits 1"]
    assert [one.name for one in skipped] == ["in.mbox, mail 3", "in.mbox, mail 4"]
    assert {one.reason for one in skipped} == {str(InboxFull())}


@pytest.mark.skipif(bool(POSTGRES), reason="the memory is the API's, whose product has SQLite here")
def test_ten_large_uploads_at_once_take_little_memory(tmp_path: Path) -> None:
    """Newlines once took 3.2 GB. Two parsers of at most 512 MB each, and the API beside them."""
    mail = SHAPES["newlines"](10_000_000)
    with run_product(tmp_path / "data") as product:
        tokens = [anyio.run(create_token, tmp_path / "data") for _ in range(10)]
        before = megabytes(product.process.pid)

        def upload_twice(own: str) -> list[int]:
            headers = {"Authorization": f"Bearer {own}"}
            with httpx2.Client(base_url=product.url, headers=headers, timeout=300) as client:
                return [send(client, mail).status_code for _ in range(2)]

        with ThreadPoolExecutor(len(tokens)) as pool:
            asked = [pool.submit(upload_twice, own) for own in tokens]
            most = before
            while not all(one.done() for one in asked):
                most = max(most, megabytes(product.process.pid))
                sleep(0.05)
            statuses = Counter(status for one in asked for status in one.result())

    assert statuses.total() == 20
    assert statuses.keys() <= {201, 413, 422}
    assert most < before + 2 * 512 + 300


def megabytes(pid: int) -> float:
    """Of a process and its children."""
    server = psutil.Process(pid)
    total = 0
    for process in [server, *server.children(recursive=True)]:
        try:
            total += process.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total / 2**20

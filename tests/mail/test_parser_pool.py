"""The parser pool survives whatever a hostile mail makes its processes do."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import aclosing
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from textwrap import dedent
from time import monotonic

import pytest
from audiobrew.inbox.upload import read_upload
from audiobrew.mail.limits import Limits
from audiobrew.mail.newsletter import Newsletter
from audiobrew.mail.parsing.parser import ParserUnavailable, ParseStopped
from audiobrew.mail.parsing.pool import ParserPool
from audiobrew.mail.reader import read_mail
from audiobrew.mail.source_mail import MailTooLarge, UnreadableMail
from audiobrew.settings import Settings

from tests.product import SAMPLES

HEAD = b"From: a@b.example\nDate: Mon, 2 Nov 2026 08:00:00 +0100\nSubject: x\nList-Id: <l>\n"
FINE = HEAD + b"\nThe harbour opens its new pier to the ships of the north on Monday.\n"
pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def settings(**more: object) -> Settings:
    return Settings(**{"parsers": 1, **more})


def command_with_reader(body: str) -> tuple[str, ...]:
    """A parser process whose `read_mail` is another one for mails that hold EVIL."""
    program = f"""
import os, socket, sys, time
import audiobrew.mail.parsing.process as process

read = process.read_mail

def evil(raw, limits):
    if b"EVIL" not in raw:
        return read(raw, limits=limits)
{body}

process.read_mail = evil
process.serve()
"""
    return (sys.executable, "-P", "-c", program)


async def store_all(newsletters: Sequence[Newsletter]) -> Sequence[Newsletter]:
    return list(newsletters)


def parsed(pool: ParserPool, raw: bytes) -> "asyncio.Future[Newsletter]":
    return asyncio.ensure_future(pool.parse(lambda: raw))


async def test_the_pool_parses_as_this_process_does() -> None:
    samples = [sample.read_bytes() for sample in sorted(SAMPLES.glob("*.eml"))]
    async with aclosing(ParserPool(settings())) as pool:
        newsletters = [await pool.parse(lambda raw=raw: raw) for raw in samples]  # type: ignore[misc]

    assert newsletters == [read_mail(raw, limits=Limits()) for raw in samples]


@pytest.mark.parametrize(
    ("raw", "problem"),
    [(b"", UnreadableMail), (b"\0" * 99, UnreadableMail), (FINE + b"\nx" * 200_000, MailTooLarge)],
)
async def test_problems_keep_their_message(raw: bytes, problem: type[Exception]) -> None:
    with pytest.raises(problem) as here:
        read_mail(raw, limits=Limits())
    async with aclosing(ParserPool(settings())) as pool:
        with pytest.raises(problem) as there:
            await pool.parse(lambda: raw)

    assert (type(there.value), str(there.value)) == (problem, str(here.value))


async def test_a_mail_of_three_thousand_blocks_is_read() -> None:
    words = "the harbour, the tram, the council, the bridge, the pier, the budget and the market"
    texts = [f"{words[number % 7 :]} have number {number}.".strip() for number in range(3_000)]
    page = "".join(f"<p>{text}</p>" for text in texts)
    raw = HEAD + b"Content-Type: text/html; charset=utf-8\n\n" + page.encode()
    async with aclosing(ParserPool(settings())) as pool:
        newsletter = await pool.parse(lambda: raw)

    assert [block.text for block in newsletter.blocks] == texts


HARMS = {
    "works for ever": "    while True: pass",
    "sleeps for ever": "    time.sleep(999)",
    "takes all memory": "    kept = [bytearray(2**24) for _ in range(10**6)]",
    "recurses": "    evil(raw, limits)",
    "dies": "    os._exit(0)",
    "is killed": "    os.kill(os.getpid(), 9)",
    "raises": "    raise RuntimeError(raw)",
    "answers garbage": "    os.write(answers, b'0000000' + b'a' * 99); os._exit(0)",
    "answers too much": "    os.write(answers, b'\\xff' * 8); time.sleep(999)",
    "answers another letter": "    os.write(answers, (1).to_bytes(8, 'big') + b'X'); time.sleep(9)",
    "answers half": "    os.write(answers, (99).to_bytes(8, 'big') + b'N{'); os._exit(0)",
    "answers no newsletter": "    os.write(answers, (4).to_bytes(8, 'big') + b'N{}\\n'); time.sleep(9)",
}  # fmt: skip
ANSWERS = "    answers = next(fd for fd in range(3, 32) if fd_is_pipe(fd))\n"
FD_IS_PIPE = """    def fd_is_pipe(fd):
        try:
            return os.fstat(fd).st_mode & 0o170000 == 0o010000
        except OSError:
            return False
"""


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS)
async def test_a_hostile_parse_costs_only_its_own_mail(harm: str) -> None:
    command = command_with_reader(FD_IS_PIPE + ANSWERS + harm)
    limited = settings(parser_cpu_seconds=1, parser_seconds=4, parser_megabytes=300)
    async with aclosing(ParserPool(limited, command)) as pool:
        started = monotonic()
        with pytest.raises(ParseStopped):
            await parsed(pool, FINE + b"EVIL")
        took = monotonic() - started
        after = await parsed(pool, FINE)

    assert after == read_mail(FINE, limits=Limits())
    assert took < 30


async def test_an_upload_survives_some_bad_mails_and_ends_after_many() -> None:
    command = command_with_reader("    os._exit(1)")
    mbox = b"".join(
        b"From a@b Mon Nov 23 07:30:00 2026\n" + one + b"\n\n"
        for one in (FINE, FINE + b"EVIL", FINE + b"\nMore.", *[FINE + b"EVIL"] * 4)
    )
    async with aclosing(ParserPool(settings(), command)) as pool:
        newsletters, skipped = await read_upload(
            pool, BytesIO(mbox), "in.mbox", Limits(), store_all
        )

    assert len(newsletters) == 2
    assert [one.name for one in skipped] == [f"in.mbox, mail {n}" for n in (2, 4, 5, 6, 7)]
    assert "cannot be read" in skipped[0].reason
    assert "not read" in skipped[-1].reason


async def test_a_large_ordinary_mail_stays_within_the_limits() -> None:
    """10 MB, most of it text of an HTML mail: the dearest kind that newsletters are made of."""
    paragraph = b"<p>" + b"The pier opens on Monday, and ships come in from the north. " * 200
    page = b"Content-Type: text/html; charset=utf-8\n\n" + paragraph * 800
    raw = HEAD + page + b"x" * (10 * 2**20 - len(HEAD) - len(page))
    assert len(raw) == 10 * 2**20

    async with aclosing(ParserPool(settings())) as pool:
        newsletter = await parsed(pool, raw)

    assert sum(len(block.text) for block in newsletter.blocks) > 10_000_000
    assert newsletter.digest == sha256(raw).hexdigest()


async def test_a_process_has_no_secrets_and_few_rights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-not-for-parsers")
    async with aclosing(ParserPool(settings())) as pool:
        await parsed(pool, FINE)
        [child] = pool._all
        folder = Path(f"/proc/{child.process.pid}")
        if not folder.exists():
            pytest.skip("no /proc here")
        environment = folder.joinpath("environ").read_bytes()
        limits = folder.joinpath("limits").read_text()
        ours = os.getpriority(os.PRIO_PROCESS, 0)
        nice = os.getpriority(os.PRIO_PROCESS, child.process.pid) - ours

    assert b"sk-not-for-parsers" not in environment
    assert {line.partition(b"=")[0] for line in environment.split(b"\0") if line} <= {
        b"PYTHONPATH",
        b"PYTHONUTF8",
        b"PYTHONDONTWRITEBYTECODE",
        b"LD_LIBRARY_PATH",
        b"LC_CTYPE",
    }
    assert f"Max address space         {512 * 2**20}" in limits
    assert re.search(r"Max file size +0 ", limits)
    assert nice >= 10


async def test_processes_start_on_demand_and_end_when_idle() -> None:
    async with aclosing(ParserPool(settings(parser_idle_seconds=0.3))) as pool:
        assert not pool._all
        await parsed(pool, FINE)
        [child] = pool._all
        await asyncio.wait_for(child.process.wait(), 10)

        assert not pool._all
        assert (await parsed(pool, FINE)).blocks


async def test_the_number_of_processes_is_limited() -> None:
    async with aclosing(ParserPool(settings(parsers=2))) as pool:
        seen: list[int] = []

        def take() -> bytes:
            seen.append(len(pool._all))
            return FINE

        await asyncio.gather(*(pool.parse(take) for _ in range(12)))

    assert max(seen) <= 2
    assert not pool._all


async def test_closing_the_pool_or_cancelling_a_parse_leaves_no_process() -> None:
    pool = ParserPool(settings(parsers=2), command_with_reader("    time.sleep(999)"))
    await parsed(pool, FINE)
    parse = parsed(pool, FINE + b"EVIL")
    await until(lambda: bool(pool._all) and not pool._idle)
    processes = [child.process for child in pool._all]
    parse.cancel()
    await asyncio.gather(parse, return_exceptions=True)
    await pool.aclose()

    assert [process.returncode for process in processes] == [-signal.SIGKILL]


async def test_the_parser_is_unavailable_where_no_process_starts() -> None:
    for command in (("/no/such/python",), (sys.executable, "-c", "raise SystemExit(1)")):
        async with aclosing(ParserPool(settings(), command)) as pool:
            with pytest.raises(ParserUnavailable):
                await parsed(pool, FINE)


async def until(what: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not what():
            await asyncio.sleep(0.05)


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's help is asked for on Linux")
def test_parsers_end_with_a_killed_server() -> None:
    program = f"""
        import asyncio
        from audiobrew.mail.parsing.pool import ParserPool
        from audiobrew.settings import Settings

        async def main():
            pool = ParserPool(Settings(parsers=1), {command_with_reader("    while True: pass")!r})
            await pool.parse(lambda: {FINE!r})
            print([child.process.pid for child in pool._all][0], flush=True)
            await pool.parse(lambda: {FINE + b"EVIL"!r})

        asyncio.run(main())
    """
    server = subprocess.Popen([sys.executable, "-c", dedent(program)], stdout=subprocess.PIPE)
    assert server.stdout
    parser = int(server.stdout.readline())
    server.kill()
    server.communicate()

    late = monotonic() + 10
    while monotonic() < late and Path(f"/proc/{parser}").exists():
        os.sched_yield()
    assert not Path(f"/proc/{parser}").exists() or "Z" in status(parser)


def status(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]

"""Parse mails in a few processes that can be killed, so that a hostile mail costs only itself.

A mail is written by a stranger and may exploit any bug of the parser, so the server's process never
parses one.
"""

import asyncio
import hashlib
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from dataclasses import asdict, dataclass, field

from anyio import to_thread

from audiobrew.mail.limits import Limits
from audiobrew.mail.newsletter import Newsletter
from audiobrew.mail.parsing import frames
from audiobrew.mail.parsing.parser import LoadMail, ParserUnavailable, ParseStopped
from audiobrew.ops.child_process import (
    CHUNK_BYTES,
    child_environment,
    frame_bytes,
    read_frame,
    write_in_chunks,
)
from audiobrew.settings import Settings

# `serve` turns the garbage collector on again, once all modules are imported.
PROGRAM = "import gc; gc.disable(); from audiobrew.mail.parsing.process import serve; serve()"
START_SECONDS = 120
# After this many mails a process is replaced, so that leaked memory does not accumulate.
MAILS_PER_PROCESS = 200
# An answer may be this many times as long as the longest mail: JSON repeats each link's text and URL.
MAX_ANSWER_FACTOR = 8


@dataclass(eq=False)
class _ParserProcess:
    """`mail_count` is how many mails it has been sent."""

    process: Process
    mail_count: int = 0

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            self.process.kill()


@dataclass(eq=False)
class ParserPool:
    """Starts at most `settings.parsers` processes on demand, and ends those that are idle."""

    settings: Settings
    command: tuple[str, ...] = (sys.executable, "-P", "-c", PROGRAM)
    _idle: list[_ParserProcess] = field(default_factory=list)
    _all: set[_ParserProcess] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._slots = asyncio.Semaphore(self.settings.parsers)

    async def parse(self, load: LoadMail) -> Newsletter:
        """See `MailParser.parse`. Callers are served in order, one mail each."""
        async with self._slots:
            child = self._idle.pop() if self._idle else await self._start()
            try:
                raw = await to_thread.run_sync(load)
                outcome = await self._parse_in(child, raw)
            except BaseException:
                await self._end(child)
                raise
            self._release(child)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def aclose(self) -> None:
        """Kill every process and wait for its end."""
        for child in list(self._all):
            await self._end(child)

    async def _parse_in(self, child: _ParserProcess, raw: bytes) -> Newsletter | Exception:
        """The newsletter, or the problem that the process reports.

        Raises ParseStopped if the process gives no proper answer, so that the caller ends it.
        """
        digest = await to_thread.run_sync(lambda: hashlib.sha256(raw).hexdigest())
        try:
            async with asyncio.timeout(self.settings.parser_seconds):
                frame = await self._exchange(child, raw)
        except (OSError, EOFError, ValueError) as error:
            raise ParseStopped from error
        try:
            return await to_thread.run_sync(frames.decode_newsletter, frame, digest)
        except tuple(frames.PROBLEMS.values()) as problem:
            return problem
        except (ValueError, TypeError, KeyError) as error:
            raise ParseStopped from error

    async def _exchange(self, child: _ParserProcess, raw: bytes) -> bytes:
        """Write the mail and read the answer concurrently.

        A process that answers before it has read everything would otherwise block both sides.
        """
        child.mail_count += 1
        assert child.process.stdin
        writer = asyncio.create_task(write_in_chunks(child.process.stdin, frame_bytes(raw)))
        try:
            return await self._read_frame(child)
        finally:
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)

    async def _read_frame(self, child: _ParserProcess) -> bytes:
        assert child.process.stdout
        most = MAX_ANSWER_FACTOR * self.settings.mail_bytes + CHUNK_BYTES
        return await read_frame(child.process.stdout, most)

    async def _start(self) -> _ParserProcess:
        try:
            child = _ParserProcess(await self._spawn())
        except OSError as error:
            raise ParserUnavailable from error
        self._all.add(child)
        try:
            async with asyncio.timeout(START_SECONDS):
                ready = await self._read_frame(child) == frames.READY
        except (OSError, EOFError, ValueError):
            ready = False
        except BaseException:
            await self._end(child)
            raise
        if not ready:
            await self._end(child)
            raise ParserUnavailable
        return child

    async def _spawn(self) -> Process:
        options = {
            "limits": asdict(Limits.of(self.settings)),
            "megabytes": self.settings.parser_megabytes,
            "cpu_seconds": self.settings.parser_cpu_seconds,
            "seconds": self.settings.parser_seconds,
        }
        return await asyncio.create_subprocess_exec(
            *self.command,
            json.dumps(options),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            env=child_environment(),
            limit=CHUNK_BYTES,
        )

    def _release(self, child: _ParserProcess) -> None:
        """Keep the process for the next mail, until it has been idle for too long."""
        if child.mail_count >= MAILS_PER_PROCESS:
            child.kill()
            self._forget(child)
            return
        self._idle.append(child)
        asyncio.get_running_loop().call_later(
            self.settings.parser_idle_seconds, self._end_if_idle, child, child.mail_count
        )

    def _end_if_idle(self, child: _ParserProcess, mail_count: int) -> None:
        """End the process if it has had no mail since `mail_count` was taken."""
        if child in self._idle and child.mail_count == mail_count:
            child.kill()
            self._forget(child)

    async def _end(self, child: _ParserProcess) -> None:
        child.kill()
        self._forget(child)
        with suppress(Exception):
            await asyncio.shield(child.process.wait())

    def _forget(self, child: _ParserProcess) -> None:
        self._all.discard(child)
        if child in self._idle:
            self._idle.remove(child)

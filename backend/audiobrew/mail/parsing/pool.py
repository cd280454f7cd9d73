"""Mails are parsed in a few processes of their own, which can be killed; one that dies takes one mail.

A mail is written by a stranger and may cost whatever a bug of ours lets it cost: nothing in this process
ever parses one. Pipes are all that is shared, because functions on Vercel have no shared memory.
"""

import asyncio
import hashlib
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from anyio import to_thread

from audiobrew.mail.limits import Limits
from audiobrew.mail.newsletter import Newsletter
from audiobrew.mail.parsing import frames
from audiobrew.mail.parsing.parser import LoadMail, ParserUnavailable, ParseStopped
from audiobrew.settings import Settings

PROGRAM = "from audiobrew.mail.parsing.process import serve; serve()"
START_SECONDS = 120
MAILS_PER_PROCESS = 200
"""Then it ends and the next mail gets a new one: what a parse leaves behind does not pile up."""
INHERITED_VARIABLES = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONHOME", "SYSTEMROOT")
"""All that a process inherits of our environment: where Python's own libraries are."""
MAX_ANSWER_FACTOR = 8
"""Times the longest mail: JSON repeats each link's text and address."""
CHUNK_BYTES = 2**20


@dataclass(eq=False)
class _Child:
    """One process; `used` counts its mails."""

    process: Process
    used: int = 0

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            self.process.kill()


@dataclass(eq=False)
class ParserPool:
    """Starts processes as mails come, `settings.parsers` at most, and ends them when none come."""

    settings: Settings
    command: tuple[str, ...] = (sys.executable, "-P", "-c", PROGRAM)
    _idle: list[_Child] = field(default_factory=list)
    _all: set[_Child] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._room = asyncio.Semaphore(self.settings.parsers)

    async def parse(self, take: LoadMail) -> Newsletter:
        """See `MailParser.parse`. Whoever asks first is served first, a mail at a time."""
        async with self._room:
            child = self._idle.pop() if self._idle else await self._start()
            try:
                raw = await to_thread.run_sync(take)
                newsletter = await self._parse(child, raw)
            except BaseException:
                await self._end(child)
                raise
            self._rest(child)
        if isinstance(newsletter, Exception):
            raise newsletter
        return newsletter

    async def aclose(self) -> None:
        """Kill every process and wait for its end."""
        for child in list(self._all):
            await self._end(child)

    async def _parse(self, child: _Child, raw: bytes) -> "Newsletter | Exception":
        """The newsletter, or the problem that the process told. Raises ParseStopped when it told nothing."""
        digest = await to_thread.run_sync(lambda: hashlib.sha256(raw).hexdigest())
        try:
            async with asyncio.timeout(self.settings.parser_seconds):
                frame = await self._asked(child, raw)
        except (OSError, EOFError, ValueError) as error:
            raise ParseStopped from error
        try:
            return await to_thread.run_sync(frames.decode_newsletter, frame, digest)
        except tuple(frames.PROBLEMS.values()) as problem:
            return problem
        except (ValueError, TypeError, KeyError) as error:
            raise ParseStopped from error

    async def _asked(self, child: _Child, raw: bytes) -> bytes:
        """Write and read at once: a process that answers early would wait for us for ever."""
        child.used += 1
        assert child.process.stdin
        writing = asyncio.create_task(_write(child.process.stdin, frames.frame_bytes(raw)))
        try:
            return await self._frame(child)
        finally:
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)

    async def _frame(self, child: _Child) -> bytes:
        assert child.process.stdout
        length = int.from_bytes(await child.process.stdout.readexactly(frames.LENGTH_BYTES), "big")
        if length > MAX_ANSWER_FACTOR * self.settings.mail_bytes + CHUNK_BYTES:
            raise ValueError("an answer that is too long")
        return await child.process.stdout.readexactly(length)

    async def _start(self) -> _Child:
        try:
            child = _Child(await self._process())
        except OSError as error:
            raise ParserUnavailable from error
        self._all.add(child)
        try:
            async with asyncio.timeout(START_SECONDS):
                ready = await self._frame(child) == frames.READY
        except (OSError, EOFError, ValueError):
            ready = False
        except BaseException:
            await self._end(child)
            raise
        if not ready:
            await self._end(child)
            raise ParserUnavailable
        return child

    async def _process(self) -> Process:
        told = {
            "limits": asdict(Limits.of(self.settings)),
            "megabytes": self.settings.parser_megabytes,
            "cpu_seconds": self.settings.parser_cpu_seconds,
            "seconds": self.settings.parser_seconds,
        }
        return await asyncio.create_subprocess_exec(
            *self.command,
            json.dumps(told),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            env=_environment(),
            limit=CHUNK_BYTES,
        )

    def _rest(self, child: _Child) -> None:
        """Kept for the next mail, for a while."""
        if child.used >= MAILS_PER_PROCESS:
            child.kill()
            self._forget(child)
            return
        self._idle.append(child)
        used = child.used
        asyncio.get_running_loop().call_later(
            self.settings.parser_idle_seconds, self._end_if_idle, child, used
        )

    def _end_if_idle(self, child: _Child, used: int) -> None:
        if child in self._idle and child.used == used:
            child.kill()
            self._forget(child)

    async def _end(self, child: _Child) -> None:
        child.kill()
        self._forget(child)
        with suppress(Exception):
            await asyncio.shield(child.process.wait())

    def _forget(self, child: _Child) -> None:
        self._all.discard(child)
        if child in self._idle:
            self._idle.remove(child)


async def _write(pipe: asyncio.StreamWriter, data: bytes) -> None:
    """In pieces, so that the event loop turns in between."""
    for start in range(0, len(data), CHUNK_BYTES):
        pipe.write(data[start : start + CHUNK_BYTES])
        await pipe.drain()


def _environment() -> dict[str, str]:
    """No secrets. What this process can import, its parsers can."""
    path = [str(Path(folder).absolute()) for folder in sys.path]
    inherited = {name: os.environ[name] for name in INHERITED_VARIABLES if name in os.environ}
    written = {"PYTHONDONTWRITEBYTECODE": "1"} if sys.dont_write_bytecode else {}
    return {"PYTHONPATH": os.pathsep.join(path), "PYTHONUTF8": "1", **inherited, **written}

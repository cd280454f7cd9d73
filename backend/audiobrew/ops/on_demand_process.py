"""A child process that is started when it is asked something, and ended when it has been idle for a while.

It is for programs of others that take hundreds of megabytes and use a processor for seconds: in a process of
their own they cannot stop the server, are scheduled after it, and give everything back. Requests take turns.
"""

import asyncio
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from dataclasses import dataclass, field

from audiobrew.ops.child_process import (
    CHUNK_BYTES,
    child_environment,
    frame_bytes,
    read_frame,
    write_in_chunks,
)

START_SECONDS = 120
# A process that is not needed for so long gives its memory back.
IDLE_SECONDS = 120.0


class CannotStart(Exception):
    """The process ends at its start, or prints something else than a frame."""


@dataclass(eq=False)
class OnDemandProcess:
    """Runs `command`, which answers each frame on its standard input with one, after one of a byte at its
    start. It is started again when it has died."""

    command: tuple[str, ...]
    idle_seconds: float = IDLE_SECONDS
    _child: Process | None = None
    _count: int = 0
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def ask(self, request: bytes, seconds: float, most: int) -> bytes:
        """The answer, which takes at most so many seconds and bytes.

        Raises CannotStart; and TimeoutError, OSError, EOFError or ValueError, after which the process is
        ended.
        """
        async with self._lock:
            child = await self._ready_child()
            try:
                async with asyncio.timeout(seconds):
                    frame = await exchange(child, request, most)
            except BaseException:
                await self._end()
                raise
            self._end_when_idle()
        return frame

    async def aclose(self) -> None:
        async with self._lock:
            await self._end()

    @property
    def pid(self) -> int | None:
        """The process that runs now; None if none does."""
        return self._child.pid if self._child and self._child.returncode is None else None

    async def _ready_child(self) -> Process:
        """The running process, or a new one. One that dies at its start is replaced once.

        Raises CannotStart.
        """
        self._count += 1
        if self._child and self._child.returncode is None:
            return self._child
        try:
            return await self._start()
        except EOFError:
            pass
        except (OSError, ValueError) as error:
            raise CannotStart from error
        try:
            return await self._start()
        except (OSError, EOFError, ValueError) as error:
            raise CannotStart from error

    async def _start(self) -> Process:
        """Raises EOFError if the process dies at its start, ValueError if it prints something, OSError."""
        try:
            self._child = await asyncio.create_subprocess_exec(
                *self.command,
                stdin=PIPE,
                stdout=PIPE,
                stderr=DEVNULL,
                env=child_environment(),
                limit=CHUNK_BYTES,
            )
            async with asyncio.timeout(START_SECONDS):
                assert self._child.stdout
                await read_frame(self._child.stdout, 1)
        except BaseException:
            await self._end()
            raise
        return self._child

    def _end_when_idle(self) -> None:
        asyncio.get_running_loop().call_later(self.idle_seconds, self._end_if_idle, self._count)

    def _end_if_idle(self, count: int) -> None:
        """End the process if it has had no request since `count` was taken."""
        if self._count == count and not self._lock.locked() and self._child:
            with suppress(ProcessLookupError):
                self._child.kill()

    async def _end(self) -> None:
        child, self._child = self._child, None
        if child:
            with suppress(ProcessLookupError):
                child.kill()
            with suppress(Exception):
                await asyncio.shield(child.wait())


async def exchange(child: Process, request: bytes, most: int) -> bytes:
    """Send a request and return the answer."""
    assert child.stdin
    assert child.stdout
    await write_in_chunks(child.stdin, frame_bytes(request))
    return await read_frame(child.stdout, most)

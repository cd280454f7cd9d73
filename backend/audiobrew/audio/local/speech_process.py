"""Starts, asks and ends the process that speaks.

A process of its own, because the engines are programs of others that read hostile text, take hundreds of
megabytes, and use a processor for seconds: this way they cannot stop the server, are scheduled after it, and
give everything back when they have had nothing to say for a while. There is one for each server or worker,
and utterances take turns.
"""

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field

from audiobrew.audio.local.table import SLOW_ENGINES, VoiceRow
from audiobrew.audio.voice import ClipFailed, Sound, VoiceMissing, WordTime
from audiobrew.ops.child_process import (
    CHUNK_BYTES,
    child_environment,
    frame_bytes,
    read_frame,
    write_in_chunks,
)

PROGRAM = "from audiobrew.audio.local.process import serve; serve()"
START_SECONDS = 120
# Loading an engine on a busy machine, and then seconds for each character by a fast or a slow engine.
LOAD_SECONDS, FAST, SLOW = 60, 0.2, 1.0
# Longer than any utterance: twenty minutes of sound.
MAX_ANSWER_BYTES = 1200 * 48_000
# An engine that is not needed for so long gives its memory back.
IDLE_SECONDS = 120.0


@dataclass(eq=False)
class SpeechProcess:
    """One child, started when it is needed and again when it has died."""

    threads: int
    idle_seconds: float = IDLE_SECONDS
    command: tuple[str, ...] = (sys.executable, "-P", "-c", PROGRAM)
    _child: Process | None = None
    _count: int = 0
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def speak(self, row: VoiceRow, sentences: Sequence[str]) -> Sound:
        """The sound of an utterance, with the time of the first word of each sentence.

        Raises VoiceMissing if the engine cannot be loaded, and ClipFailed: for silence, noise and an engine
        that does not end; and, to be tried once more, if the process died.
        """
        request = json.dumps({"row": asdict(row), "sentences": sentences}).encode()
        seconds_per_character = SLOW if row.engine in SLOW_ENGINES else FAST
        limit = LOAD_SECONDS + seconds_per_character * sum(map(len, sentences))
        async with self._lock:
            child = await self._ready_child()
            try:
                async with asyncio.timeout(limit):
                    frame = await exchange(child, request)
            except (OSError, EOFError, ValueError) as error:  # a TimeoutError is an OSError
                await self._end()
                problem = ClipFailed()
                problem.retries = 0 if isinstance(error, TimeoutError) else 1
                raise problem from error
            except BaseException:
                await self._end()
                raise
            self._end_when_idle()
        return sound_of(frame, sentences)

    async def aclose(self) -> None:
        async with self._lock:
            await self._end()

    @property
    def running(self) -> bool:
        return self._child is not None and self._child.returncode is None

    async def _ready_child(self) -> Process:
        """The running process, or a new one. One that dies at its start is replaced once.

        Raises VoiceMissing.
        """
        self._count += 1
        if self._child and self._child.returncode is None:
            return self._child
        try:
            return await self._start()
        except EOFError:
            pass
        except (OSError, ValueError) as error:
            raise VoiceMissing from error
        try:
            return await self._start()
        except (OSError, EOFError, ValueError) as error:
            raise VoiceMissing from error

    async def _start(self) -> Process:
        """Raises EOFError if the process dies at its start, ValueError if it prints something, OSError."""
        try:
            self._child = await asyncio.create_subprocess_exec(
                *self.command,
                str(self.threads),
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


async def exchange(child: Process, request: bytes) -> bytes:
    """Send a request and return the answer."""
    assert child.stdin
    assert child.stdout
    await write_in_chunks(child.stdin, frame_bytes(request))
    return await read_frame(child.stdout, MAX_ANSWER_BYTES)


def sound_of(frame: bytes, sentences: Sequence[str]) -> Sound:
    """The sound in an answer. Raises ClipFailed, VoiceMissing."""
    head, _, pcm = frame.partition(b"\n")
    fields = json.loads(head)
    if fields.get("problem") == "not speech":
        raise ClipFailed
    if fields.get("problem"):
        raise VoiceMissing(f"{fields['reason']}. Then run `audiobrew doctor`.")
    words, position = [], 0
    for start, sentence in zip(fields["starts"], sentences, strict=True):
        indent = len(sentence) - len(sentence.lstrip())
        first = sentence.split(maxsplit=1)[0]
        words.append(WordTime(start, position + indent, len(first)))
        position += len(sentence) + 1
    return Sound(pcm, tuple(words))

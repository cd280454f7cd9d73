"""What our child processes share: frames on their pipes, their environment, and how they begin and end.

A frame is its length and then its bytes. Only pipes are shared, because functions on Vercel have no shared
memory.
"""

import asyncio
import ctypes
import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

# Bytes of a frame's length, big-endian, before the frame itself.
LENGTH_BYTES = 8
CHUNK_BYTES = 2**20
READY = b"R"
# The server is scheduled before its children.
NICENESS = 10
# From linux/prctl.h.
PR_SET_PDEATHSIG = 1
# The only variables that a process inherits: they say where Python's own libraries are.
INHERITED_VARIABLES = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONHOME", "SYSTEMROOT")


def frame_bytes(frame: bytes) -> bytes:
    """The frame with its length before it."""
    return len(frame).to_bytes(LENGTH_BYTES, "big") + frame


async def read_frame(pipe: asyncio.StreamReader, most: int) -> bytes:
    """Raises EOFError if the process ends, and ValueError if the frame is longer than `most` bytes."""
    length = int.from_bytes(await pipe.readexactly(LENGTH_BYTES), "big")
    if length > most:
        raise ValueError("the answer is too long")
    return await pipe.readexactly(length)


async def write_in_chunks(pipe: asyncio.StreamWriter, data: bytes) -> None:
    """Write in chunks, so that the event loop runs other tasks in between."""
    for start in range(0, len(data), CHUNK_BYTES):
        pipe.write(data[start : start + CHUNK_BYTES])
        await pipe.drain()


def child_environment() -> dict[str, str]:
    """Variables without secrets, with which a child can import what this process can."""
    path = [str(Path(folder).absolute()) for folder in sys.path]
    inherited = {name: os.environ[name] for name in INHERITED_VARIABLES if name in os.environ}
    bytecode = {"PYTHONDONTWRITEBYTECODE": "1"} if sys.dont_write_bytecode else {}
    return {"PYTHONPATH": os.pathsep.join(path), "PYTHONUTF8": "1", **inherited, **bytecode}


# -- in the child -----------------------------------------------------------------------------


def redirect_prints() -> BinaryIO:
    """Return the pipe for answers, and send what libraries print to standard error instead."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return answers


def die_with_parent() -> None:
    """Ask the Linux kernel to end this process with the server.

    Elsewhere the end of standard input ends it.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def answer_frames(answer: Callable[[bytes], bytes]) -> None:
    """Answer each frame on standard input until it ends, after one of a byte at the start.

    The process yields to others, writes no files, and ends with the server.
    """
    answers = redirect_prints()
    die_with_parent()
    os.nice(NICENESS)
    for kind in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE):
        resource.setrlimit(kind, (0, 0))
    send_frame(answers, READY)
    while (request := receive_frame(sys.stdin.buffer)) is not None:
        send_frame(answers, answer(request))


def receive_frame(pipe: BinaryIO) -> bytes | None:
    """The next frame; None if the server closed the pipe."""
    length = pipe.read(LENGTH_BYTES)
    if len(length) != LENGTH_BYTES:
        return None
    return pipe.read(int.from_bytes(length, "big"))


def send_frame(pipe: BinaryIO, frame: bytes) -> None:
    pipe.write(frame_bytes(frame))
    pipe.flush()

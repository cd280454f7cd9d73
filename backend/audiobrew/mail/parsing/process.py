"""The process in which mails of strangers are parsed; `parser_pool` starts it and kills it.

It reads frames (a length, then a mail) from its input and answers each with a frame. The kernel ends
it when a mail takes more processor time, wall time or memory than it may, whatever it is doing then.
"""

import ctypes
import json
import math
import os
import resource
import signal
import sys
from typing import Any, BinaryIO

from audiobrew.mail.limits import Limits
from audiobrew.mail.parsing import frames
from audiobrew.mail.reader import read_mail
from audiobrew.mail.source_mail import MailTooLarge, UnreadableMail

NICENESS = 10
"""The server is scheduled before its parsers."""
MAX_OPEN_FILES = 32
"""So many files may be open: what is imported late needs some."""
PR_SET_PDEATHSIG = 1


def serve() -> None:
    """Answer mails until the input ends. `sys.argv[1]`: `limits`, `megabytes`, `cpu_seconds`, `seconds`."""
    told = json.loads(sys.argv[1])
    answers = _answers_apart_from_prints()
    _end_with_the_server()
    os.nice(NICENESS)
    limits = Limits(**told["limits"])
    _warm_up(limits)
    _confine(told["megabytes"])
    _send(answers, frames.READY)
    while (raw := _mail(sys.stdin.buffer)) is not None:
        _allow(told["cpu_seconds"], told["seconds"])
        _send(answers, _answer(raw, limits))
        del raw


def _answers_apart_from_prints() -> BinaryIO:
    """What a library prints must not be taken for an answer."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return answers


def _end_with_the_server() -> None:
    """On Linux the kernel does it; elsewhere the end of the input, or the alarm, does."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _warm_up(limits: Limits) -> None:
    """Load what the first mail would load: modules and the model of languages."""
    words = "This is a newsletter about harbours and the ships that come to them."
    mail = f"From: a@b.example\nDate: x\nContent-Type: text/html\n\n<p>{words}</p>"
    read_mail(mail.encode(), limits=limits)


def _confine(megabytes: int) -> None:
    """No more memory than that, no written files, no core dumps."""
    _limit(resource.RLIMIT_AS, megabytes * 2**20)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, MAX_OPEN_FILES)


def _limit(kind: int, most: int) -> None:
    """macOS refuses a limit of address space; there the mail's size and the time limits hold alone."""
    try:
        resource.setrlimit(kind, (most, most))
    except (ValueError, OSError):
        if sys.platform == "linux":
            raise


def _allow(cpu_seconds: int, seconds: int) -> None:
    """Give the next mail its time. Neither signal has a handler, so both end the process at once."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = math.ceil(used.ru_utime + used.ru_stime) + cpu_seconds
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))
    signal.alarm(seconds)


def _mail(pipe: BinaryIO) -> bytes | None:
    """The next mail; None when the server is through with us."""
    signal.alarm(0)
    length = pipe.read(frames.LENGTH_BYTES)
    return pipe.read(int.from_bytes(length, "big")) if len(length) == frames.LENGTH_BYTES else None


def _answer(raw: bytes, limits: Limits) -> bytes:
    try:
        return frames.encode_newsletter(read_mail(raw, limits=limits))
    except (UnreadableMail, MailTooLarge) as problem:
        return frames.encode_problem(problem)


def _send(pipe: BinaryIO, frame: bytes) -> Any:
    pipe.write(frames.frame_bytes(frame))
    pipe.flush()

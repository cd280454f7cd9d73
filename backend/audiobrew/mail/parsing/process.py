"""The process in which untrusted mails are parsed. `pool.py` starts and kills it.

It reads frames (a length, then a mail) from its standard input and answers each with a frame. The
kernel ends it when a mail exceeds its processor time, wall time or memory.
"""

import json
import math
import os
import resource
import signal
import sys
from typing import BinaryIO

from audiobrew.mail.limits import Limits
from audiobrew.mail.parsing import frames
from audiobrew.mail.reader import read_mail
from audiobrew.mail.source_mail import MailTooLarge, UnreadableMail
from audiobrew.ops.child_process import (
    NICENESS,
    die_with_parent,
    receive_frame,
    redirect_prints,
    send_frame,
)
from audiobrew.ops.gc_startup import pause_gc

# Late imports need a few open files.
MAX_OPEN_FILES = 32


def serve() -> None:
    """Parse mails until standard input ends.

    `sys.argv[1]` is JSON with `limits`, `megabytes`, `cpu_seconds` and `seconds`.
    """
    options = json.loads(sys.argv[1])
    answers = redirect_prints()
    die_with_parent()
    os.nice(NICENESS)
    limits = Limits(**options["limits"])
    with pause_gc():
        warm_up(limits)
    _limit(resource.RLIMIT_AS, options["megabytes"] * 2**20)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, MAX_OPEN_FILES)
    send_frame(answers, frames.READY)
    while (raw := receive_mail(sys.stdin.buffer)) is not None:
        start_timers(options["cpu_seconds"], options["seconds"])
        send_frame(answers, _parse(raw, limits))
        del raw


def warm_up(limits: Limits) -> None:
    """Load the modules and the language model before the limits apply and the first mail comes."""
    text = "This is a newsletter about harbours and the ships that come to them."
    mail = f"From: a@b.example\nDate: x\nContent-Type: text/html\n\n<p>{text}</p>"
    read_mail(mail.encode(), limits=limits)


def _limit(kind: int, most: int) -> None:
    """Set a resource limit.

    macOS refuses to limit the address space. There only the mail's size and the timers apply.
    """
    try:
        resource.setrlimit(kind, (most, most))
    except (ValueError, OSError):
        if sys.platform == "linux":
            raise


def start_timers(cpu_seconds: int, seconds: int) -> None:
    """Limit the time for the next mail. Neither signal has a handler, so both end the process."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    cpu_limit = math.ceil(usage.ru_utime + usage.ru_stime) + cpu_seconds
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_limit, resource.RLIM_INFINITY))
    signal.alarm(seconds)


def receive_mail(pipe: BinaryIO) -> bytes | None:
    """The next mail; None if the server closed the pipe."""
    signal.alarm(0)
    return receive_frame(pipe)


def _parse(raw: bytes, limits: Limits) -> bytes:
    try:
        return frames.encode_newsletter(read_mail(raw, limits=limits))
    except (UnreadableMail, MailTooLarge) as problem:
        return frames.encode_problem(problem)

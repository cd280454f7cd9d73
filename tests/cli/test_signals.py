"""A process that is stopped by a signal hands its work over and exits cleanly."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from audiobrew.cli.signals import hold_interrupt

from tests.product import SAMPLES, Product, clean_environment


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_server_exits_cleanly(tmp_path: Path, signal_number: signal.Signals) -> None:
    product = Product(tmp_path / "data")
    longest = SAMPLES / "02-grid-and-gravity.eml"
    product.upload(longest.name, longest.read_bytes())
    brewing = product.start(minutes=1)

    with product.http.stream("GET", "/api/podcast/events"):
        product.process.send_signal(signal_number)
        code = product.process.wait(20)
    product.stop()
    again = Product(tmp_path / "data")
    ended = again.wait_until_ended(brewing)
    again.stop()

    assert code == 0
    assert ended["status"] == "ready"
    assert [line for line in product.lines if "continue at the next start" in line]
    assert "Traceback" not in "\n".join(product.lines)
    assert "CancelledError" not in "\n".join(product.lines)


ENDED_BY_CTRL_C = (130, -signal.SIGINT)
"""Both mean the same to a shell. Python ends by the signal if it is interrupted while it creates a class."""


def restore_sigint() -> None:
    """Restore SIGINT, which is ignored when the tests run in the background."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def interrupt_after(seconds: float, words: Sequence[object]) -> tuple[int, str]:
    """Send Ctrl-C this long after Python began to load the command."""
    with subprocess.Popen(
        [sys.executable, "-X", "importtime", "-m", "audiobrew", *map(str, words)],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        env=clean_environment(),
        preexec_fn=restore_sigint,
    ) as process:
        assert process.stderr
        # Before that, Python is not yet in `main`, which catches the interruption.
        next(
            line
            for line in process.stderr
            if line.split("|")[-1].strip().startswith("audiobrew.cli.")
        )
        sleep(seconds)
        process.send_signal(signal.SIGINT)
        _, output = process.communicate(timeout=30)
    return process.returncode, output


@pytest.mark.parametrize("seconds", [0.1, 0.5, 1.5])
def test_a_demo_can_be_stopped_at_any_moment(tmp_path: Path, seconds: float) -> None:
    code, output = interrupt_after(seconds, ["demo", "--once", "--data", tmp_path])

    assert code in ENDED_BY_CTRL_C, output
    assert "Traceback" not in output


@pytest.fixture
def sigint_handler() -> Iterator[Callable[[Any], Any]]:
    """Sets the handler of SIGINT until the test ends. In the background of a shell, it is not Python's."""
    before = signal.getsignal(signal.SIGINT)
    yield partial(signal.signal, signal.SIGINT)
    signal.signal(signal.SIGINT, before)


def test_ctrl_c_waits_until_the_modules_are_imported(
    sigint_handler: Callable[[Any], Any],
) -> None:
    sigint_handler(signal.default_int_handler)
    done = []
    with pytest.raises(KeyboardInterrupt), hold_interrupt():
        os.kill(os.getpid(), signal.SIGINT)
        done.append("imports")

    assert done == ["imports"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_interrupt_that_is_ignored_stays_ignored(sigint_handler: Callable[[Any], Any]) -> None:
    sigint_handler(signal.SIG_IGN)
    with hold_interrupt():
        os.kill(os.getpid(), signal.SIGINT)

    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN

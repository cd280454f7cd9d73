"""One data folder, one server: kept by locks that the system drops when a process dies."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from audiobrew.cli.refusal import Refusal


@contextmanager
def lock_data_folder(data: Path, purpose: str) -> Iterator[bool]:
    """Make the folder, readable by its owner only, and hold it for this process.

    Yields whether no other AudioBrew process lives on it, so that what a dead one left may be
    taken up at once. `purpose` is told to whoever comes second; two of one purpose are refused.
    """
    _make(data)
    with (
        _only_one(data / f"{purpose}.lock", data, purpose),
        (data / "alive.lock").open("w") as alive,
    ):
        alone = _try(alive.fileno(), fcntl.LOCK_EX)
        if not alone or not _try(alive.fileno(), fcntl.LOCK_SH):
            fcntl.flock(alive, fcntl.LOCK_SH)
        yield alone


@contextmanager
def share_data_folder(data: Path) -> Iterator[None]:
    """Be one of several on the folder, as a worker is."""
    _make(data)
    with (data / "alive.lock").open("w") as alive:
        fcntl.flock(alive, fcntl.LOCK_SH)
        yield


def _make(data: Path) -> None:
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        data.chmod(0o700)
    except OSError as error:
        raise Refusal(
            f"The data folder {data} cannot be used ({error.strerror}). Choose another with --data."
        ) from error


@contextmanager
def _only_one(lock: Path, data: Path, purpose: str) -> Iterator[None]:
    with lock.open("w") as file:
        if not _try(file.fileno(), fcntl.LOCK_EX):
            raise Refusal(
                f"AudioBrew is already running on {data} ({purpose}). Stop it first,"
                " or choose another folder with --data."
            )
        yield


def _try(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def write_address(data: Path, origin: str) -> None:
    """Leave word where the server on this folder answers."""
    (data / "address").write_text(origin, encoding="utf-8")


def address_of(data: Path) -> str:
    """Where the server that runs on this folder answers."""
    lock, address = data / "serving.lock", data / "address"
    if not lock.exists() or not address.exists() or _free(lock):
        raise Refusal(f"AudioBrew is not running on {data}. Start it with `audiobrew serve`.")
    return address.read_text(encoding="utf-8")


def _free(lock: Path) -> bool:
    with lock.open("r") as file:
        return _try(file.fileno(), fcntl.LOCK_SH)

"""Locks on the data folder, so that only one server uses it. The system releases them when a process dies."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from audiobrew.cli.refusal import Refusal

# A folder in the data folder while a backup is restored into it.
RESTORING = ".audiobrew-restoring"


@contextmanager
def lock_data_folder(data: Path, purpose: str, *, restores: bool = False) -> Iterator[bool]:
    """Create the folder, readable by its owner only, and lock it for this process and purpose.

    Yields whether no other AudioBrew process uses the folder. Then the work of a process that died can be
    resumed at once. Raises Refusal if another process has the lock for the same purpose.
    """
    create_folder(data, restores=restores)
    with (
        exclusive_lock(data / f"{purpose}.lock", data, purpose),
        (data / "alive.lock").open("w") as alive,
    ):
        alone = try_lock(alive.fileno(), fcntl.LOCK_EX)
        if not alone or not try_lock(alive.fileno(), fcntl.LOCK_SH):
            fcntl.flock(alive, fcntl.LOCK_SH)
        yield alone


@contextmanager
def share_data_folder(data: Path) -> Iterator[None]:
    """Use the folder together with other processes, as a worker does."""
    create_folder(data)
    with (data / "alive.lock").open("w") as alive:
        fcntl.flock(alive, fcntl.LOCK_SH)
        yield


def create_folder(data: Path, *, restores: bool = False) -> None:
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        data.chmod(0o700)
    except OSError as error:
        raise Refusal(
            f"The data folder {data} cannot be used ({error.strerror}). Choose another with --data."
        ) from error
    if not restores and (data / RESTORING).exists():
        raise Refusal(
            f"A restore into {data} has not finished. Wait for it or, if it was interrupted, run"
            f" `audiobrew restore FILE.tar --data {data}` again."
        )


@contextmanager
def exclusive_lock(lock: Path, data: Path, purpose: str) -> Iterator[None]:
    with lock.open("w") as file:
        if not try_lock(file.fileno(), fcntl.LOCK_EX):
            raise Refusal(
                f"AudioBrew is already running on {data} ({purpose}). Stop it first,"
                " or choose another folder with --data."
            )
        yield


def try_lock(descriptor: int, kind: int) -> bool:
    """Returns False instead of waiting for the lock."""
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def write_address(data: Path, origin: str) -> None:
    """Store the address of the server that uses this folder."""
    (data / "address").write_text(origin, encoding="utf-8")


def address_of(data: Path) -> str:
    """The address of the server that uses this folder. Raises Refusal if none is running."""
    lock, address = data / "serving.lock", data / "address"
    if not lock.exists() or not address.exists() or is_free(lock):
        raise Refusal(f"AudioBrew is not running on {data}. Start it with `audiobrew serve`.")
    return address.read_text(encoding="utf-8")


def is_in_use(data: Path) -> bool:
    """Whether an AudioBrew process uses this folder. Creates nothing in it."""
    locks = (data / "serving.lock", data / "alive.lock")
    return any(lock.is_file() and not is_lockable(lock) for lock in locks)


def is_lockable(lock: Path) -> bool:
    with lock.open("r") as file:
        return try_lock(file.fileno(), fcntl.LOCK_EX)


def is_free(lock: Path) -> bool:
    with lock.open("r") as file:
        return try_lock(file.fileno(), fcntl.LOCK_SH)

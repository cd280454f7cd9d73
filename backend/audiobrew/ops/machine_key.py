"""A machine's own keys: files in its data folder, made at the first start."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

KEY_BYTES = 32


def machine_key(file: Path) -> bytes:
    """The key in this file; made (0600) where there is none."""
    if not file.exists():
        _make(file)
    return bytes.fromhex(file.read_text(encoding="ascii"))


def _make(file: Path) -> None:
    """Whole or not at all, and never over a key that another process made meanwhile."""
    new = file.with_name(f".{file.name}-{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as written:
            written.write(secrets.token_hex(KEY_BYTES))
            written.flush()
            os.fsync(written.fileno())
        with suppress(FileExistsError):
            os.link(new, file)
    finally:
        new.unlink()

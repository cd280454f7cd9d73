"""Keys of one machine: files in its data folder, created at the first start."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

KEY_BYTES = 32


def machine_key(file: Path) -> bytes:
    """The key in this file, which is created with mode 0600 if there is none.

    The file appears complete or not at all, and never replaces one that another process has just created.
    """
    if not file.exists():
        temporary = file.with_name(f".{file.name}-{secrets.token_hex(8)}")
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        try:
            with os.fdopen(os.open(temporary, flags, 0o600), "w") as output:
                output.write(secrets.token_hex(KEY_BYTES))
                output.flush()
                os.fsync(output.fileno())
            with suppress(FileExistsError):
                os.link(temporary, file)
        finally:
            temporary.unlink()
    return bytes.fromhex(file.read_text(encoding="ascii"))

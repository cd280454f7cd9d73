"""The format of a backup: a tar archive with a header, the files of the data folder, and a manifest.

The header comes first, so that another file is recognized at once. The manifest comes last and lists every
file with its size and hash, so that an incomplete backup is recognized, too.
"""

import json
import re
import tarfile
from dataclasses import asdict, dataclass
from typing import Any

HEADER, MANIFEST = "audiobrew-backup.json", "manifest.json"
# The files of the data folder have this prefix in the archive.
PREFIX = "data/"
POSTGRES_DUMP = "postgres.dump"
FORMAT = 1
MAX_HEADER_BYTES = 4096
MAX_MANIFEST_BYTES = 2**30
COPY_BYTES = 2**18
# No name that fits this is hidden or leads out of a folder, because no component begins with a dot.
SAFE_NAME = re.compile(
    r"(?=.{1,500}\Z)[^./\\\x00-\x1f\ud800-\udfff][^/\\\x00-\x1f\ud800-\udfff]*+"
    r"(?:/[^./\\\x00-\x1f\ud800-\udfff][^/\\\x00-\x1f\ud800-\udfff]*+)*+"
)


class NotABackup(Exception):
    """The message completes the sentence "FILE is no backup that can be restored: …"."""


@dataclass(frozen=True)
class Header:
    """`schema`: the newest migration of the database. `database`: what contains the rows, `sqlite`, or
    `postgres` with or without a dump in the archive."""

    format: int
    version: str
    schema: str
    created: str
    database: str

    def encode(self) -> bytes:
        return encode(asdict(self))


@dataclass(frozen=True)
class Entry:
    """`modified` is in nanoseconds: entity tags of audio contain it."""

    bytes: int
    sha256: str
    modified: int


def encode(value: Any) -> bytes:
    return (json.dumps(value, indent=1) + "\n").encode()


def encode_manifest(header: Header, entries: dict[str, Entry]) -> bytes:
    files = {name: asdict(entry) for name, entry in entries.items()}
    return encode({**asdict(header), "files": files})


def decode_header(content: bytes) -> Header:
    """Raises NotABackup."""
    try:
        value = json.loads(content)
        texts = {name: value[name] for name in ("version", "schema", "created", "database")}
        if not all(isinstance(text, str) for text in texts.values()):
            raise TypeError
        return Header(int(value["format"]), **texts)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise NotABackup("it was not made by `audiobrew backup`.") from None


def decode_manifest(content: bytes) -> dict[str, Entry]:
    """Raises NotABackup."""
    try:
        files = json.loads(content)["files"]
        return {
            str(name): Entry(int(one["bytes"]), str(one["sha256"]), int(one["modified"]))
            for name, one in files.items()
        }
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise NotABackup("its list of files is damaged.") from None


def member(name: str, bytes_: int, modified: int) -> tarfile.TarInfo:
    """The head of a file in the archive. `modified` is in nanoseconds."""
    info = tarfile.TarInfo(name)
    info.size, info.mtime, info.mode = bytes_, modified // 10**9, 0o600
    return info

"""Runs the product on a faulty disk: `python -m tests.drills.faulty_disk SWITCH MEDIA ARGUMENTS…`.

While the file SWITCH exists, every change in the folder MEDIA fails with the error whose name is in SWITCH.
No code of AudioBrew is replaced: the methods of `pathlib.Path` fail.
"""

import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

CHANGES = ("unlink", "replace", "rename", "mkdir", "touch", "write_bytes", "open", "rmdir")


def make_faulty(change: Callable[..., Any], switch: Path, media: Path) -> Callable[..., Any]:
    def wrapper(self: Path, *arguments: Any, **more: Any) -> Any:
        writes = change.__name__ != "open" or "w" in str(arguments[:1] or more.get("mode", "r"))
        paths = [self, *(Path(one) for one in arguments if isinstance(one, Path))]
        if writes and switch.exists() and any(media in one.parents for one in paths):
            raise OSError(getattr(errno, switch.read_text()), "the drill's disk refuses", str(self))
        return change(self, *arguments, **more)

    return wrapper


def main() -> int:
    switch, media = Path(sys.argv[1]).absolute(), Path(sys.argv[2]).absolute()
    for name in CHANGES:
        setattr(Path, name, make_faulty(getattr(Path, name), switch, media))
    from audiobrew.__main__ import main as audiobrew

    return audiobrew(sys.argv[3:])


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    sys.exit(main())

"""The product on a disk that refuses: `python -m tests.drills.faulty_disk SWITCH MEDIA audiobrew-words…`.

While the file SWITCH is there, the system answers every change below MEDIA with the error that it names.
Nothing of AudioBrew's is replaced: what fails are the calls that its folder makes to the system.
"""

import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

CHANGES = ("unlink", "replace", "rename", "mkdir", "touch", "write_bytes", "open", "rmdir")


def refusing(change: Callable[..., Any], switch: Path, media: Path) -> Callable[..., Any]:
    def changed(self: Path, *arguments: Any, **more: Any) -> Any:
        writes = change.__name__ != "open" or "w" in str(arguments[:1] or more.get("mode", "r"))
        touched = [self, *(Path(one) for one in arguments if isinstance(one, Path))]
        if writes and switch.exists() and any(media in one.parents for one in touched):
            raise OSError(getattr(errno, switch.read_text()), "the drill's disk refuses", str(self))
        return change(self, *arguments, **more)

    return changed


def main() -> int:
    switch, media = Path(sys.argv[1]).absolute(), Path(sys.argv[2]).absolute()
    for name in CHANGES:
        setattr(Path, name, refusing(getattr(Path, name), switch, media))
    from audiobrew.__main__ import main as audiobrew

    return audiobrew(sys.argv[3:])


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    sys.exit(main())

"""A full disk while joining: no partial file is left, and the message says what to do."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from audiobrew.audio import mp3
from audiobrew.audio.join import DiskFull, Piece, Tags, join
from audiobrew.audio.pauses import Pauses, Place
from audiobrew.script.script import Speaker

LIMITED = """
import resource, sys
from datetime import date
from pathlib import Path
from audiobrew.audio import mp3
from audiobrew.audio.join import DiskFull, Piece, Tags, join
from audiobrew.audio.pauses import Pauses, Place
from audiobrew.script.script import Speaker

resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))
pieces = [Piece(mp3.silence(600), Place(0, "en", Speaker.FIRST))]
tags = Tags("T", "S", "en", ("A",), date(2026, 11, 29), b"cover")
try:
    join(pieces, Path(sys.argv[1]), tags, Pauses.of(True))
except DiskFull as problem:
    sys.exit(f"{problem}")
"""


def test_a_file_above_the_size_limit(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path / "e.mp3")], capture_output=True, text=True
    )

    assert "Free some disk space" in result.stderr
    assert "Traceback" not in result.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a disk of 64 kB")
def test_a_disk_of_64_kilobytes(tmp_path: Path) -> None:
    mount = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(tmp_path)])
    if mount.returncode:
        pytest.skip("this machine does not let root mount a disk")
    try:
        pieces = [Piece(mp3.silence(600), Place(0, "en", Speaker.FIRST))]
        with pytest.raises(DiskFull, match="Free some disk space"):
            join(
                pieces,
                tmp_path / "e.mp3",
                Tags("T", "S", "en", ("A",), date(2026, 11, 29), b"cover"),
                Pauses.of(True),
            )

        assert not list(tmp_path.iterdir())
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)

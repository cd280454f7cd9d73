"""The wheel has the web app, and a source distribution has none. `nox -s wheel` installs and runs it."""

import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest

from deploy.wheel import ROOT, UV, build_wheel


@pytest.fixture
def web_build(tmp_path: Path) -> Path:
    folder = tmp_path / "build"
    (folder / "_app" / "immutable").mkdir(parents=True)
    (folder / "200.html").write_text("<!doctype html>")
    (folder / "_app" / "immutable" / "start.js").write_text("export {}")
    return folder


def test_the_wheel_has_the_web_app_and_all_files_of_the_package(
    tmp_path: Path, web_build: Path
) -> None:
    wheel = build_wheel(tmp_path / "dist", web_build)
    names = set(zipfile.ZipFile(wheel).namelist())

    assert {"audiobrew/web/200.html", "audiobrew/web/_app/immutable/start.js"} <= names
    listing = subprocess.run(
        ["git", "ls-files", "audiobrew"], cwd=ROOT / "backend", capture_output=True, text=True
    )
    assert set(listing.stdout.split()) <= names
    assert not (ROOT / "backend" / "audiobrew" / "web").exists()


def test_no_wheel_without_the_web_app(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="not built"):
        build_wheel(tmp_path / "dist", tmp_path / "nothing")


def test_a_source_distribution_has_no_web_app(tmp_path: Path) -> None:
    command = [UV, "build", "--quiet", "--sdist", "--out-dir", str(tmp_path), str(ROOT)]
    subprocess.run(command, check=True)
    [file] = tmp_path.glob("*.tar.gz")
    with tarfile.open(file) as sdist:
        names = sdist.getnames()

    assert [name for name in names if name.endswith("backend/audiobrew/settings.py")]
    assert not [name for name in names if "/audiobrew/web/" in name or "frontend-client" in name]

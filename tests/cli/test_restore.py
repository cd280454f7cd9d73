"""What cannot be restored is refused with one sentence, and leaves nothing behind."""

import io
import json
import shutil
import sqlite3
import tarfile
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from audiobrew.cli import backup, restore
from audiobrew.cli.backup_format import HEADER, MANIFEST
from audiobrew.cli.data_folder import lock_data_folder
from audiobrew.cli.refusal import Refusal
from audiobrew.settings import Settings

from tests.cli.backups import back_up, files, rows
from tests.cli.test_refusals import assert_refused, audiobrew
from tests.product import SAMPLES, run_product
from tests.settings_factory import sqlite_only

pytestmark = sqlite_only
NEWSLETTER = next(iter(sorted(SAMPLES.glob("*.eml"))))


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `data` and its `backup.tar`."""
    folder = tmp_path_factory.mktemp("original")
    with run_product(folder / "data") as product:
        product.upload(NEWSLETTER.name, NEWSLETTER.read_bytes())
        product.brew(minutes=1)
    back_up(folder / "data", folder / "backup.tar")
    return folder


def try_restore(file: Path, data: Path) -> str:
    """The sentence with which it is refused; empty if it is restored."""
    try:
        restore.run(Namespace(file=file, data=data))
    except Refusal as refusal:
        return str(refusal)
    return ""


@pytest.fixture(autouse=True)
def no_signals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands of this process leave its signal handlers alone."""
    for module in (backup, restore):
        monkeypatch.setattr(module.signal, "signal", lambda *_: None)


def assert_nothing_restored(data: Path) -> None:
    assert not data.exists()


@pytest.mark.parametrize("tenth", range(10))
def test_a_backup_that_was_cut(original: Path, tmp_path: Path, tenth: int) -> None:
    content = (original / "backup.tar").read_bytes()
    (tmp_path / "cut.tar").write_bytes(content[: len(content) * tenth // 10])

    sentence = try_restore(tmp_path / "cut.tar", tmp_path / "data")

    assert sentence.startswith(f"{tmp_path / 'cut.tar'} cannot be restored: ")
    assert_nothing_restored(tmp_path / "data")


def test_a_backup_of_which_one_byte_changed(original: Path, tmp_path: Path) -> None:
    content = bytearray((original / "backup.tar").read_bytes())
    content[content.index(b"SQLite format 3") + 5000] ^= 1
    (tmp_path / "changed.tar").write_bytes(content)

    assert "was changed" in try_restore(tmp_path / "changed.tar", tmp_path / "data")
    assert_nothing_restored(tmp_path / "data")


@pytest.mark.parametrize("content", [b"", b"hello", b"\0" * 20_000, b"PK\x03\x04" * 2000])
def test_a_foreign_file(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "foreign.tar").write_bytes(content)

    assert "not made by `audiobrew backup`" in try_restore(
        tmp_path / "foreign.tar", tmp_path / "data"
    )
    assert_nothing_restored(tmp_path / "data")


def test_a_foreign_archive(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "foreign.tar", "w") as tar:
        tar.add(NEWSLETTER, "data/audiobrew.sqlite")

    assert "not made by" in try_restore(tmp_path / "foreign.tar", tmp_path / "data")


def test_a_file_that_is_not_there_and_a_folder(tmp_path: Path) -> None:
    assert_refused(
        audiobrew("restore", tmp_path / "gone.tar", "--data", tmp_path / "data"), "gone.tar"
    )
    assert_refused(audiobrew("restore", tmp_path, "--data", tmp_path / "data"), "cannot be opened")


Change = Callable[[tarfile.TarInfo, bytes], tuple[tarfile.TarInfo, bytes]]


def rewrite(source: Path, target: Path, change: Change) -> None:
    """Copy a backup, with each member and its content changed."""
    with tarfile.open(source) as old, tarfile.open(target, "w") as new:
        for info in old:
            content = old.extractfile(info)
            assert content
            info, data = change(info, content.read())
            info.size = len(data) if info.isreg() else 0
            new.addfile(info, io.BytesIO(data))


@pytest.mark.parametrize(
    "name",
    [
        *(
            "data/../../evil",
            "/etc/evil",
            "data/a/../b",
            "data//b",
            "../evil",
            "evil",
            "data/",
            "data/.hidden",
        ),
        *("data/.audiobrew-restoring/x", "data/serving.lock", "data/a\\..\\b", "data/a\nb"),
    ],
)
def test_paths_that_lead_elsewhere(original: Path, tmp_path: Path, name: str) -> None:
    def rename(info: tarfile.TarInfo, data: bytes) -> tuple[tarfile.TarInfo, bytes]:
        info.name = name if info.name == "data/signing.key" else info.name
        return info, data

    rewrite(original / "backup.tar", tmp_path / "evil.tar", rename)

    assert "which no backup contains" in try_restore(
        tmp_path / "evil.tar", tmp_path / "folder" / "data"
    )
    assert not (tmp_path / "folder" / "data").exists()
    assert not list(tmp_path.rglob("evil"))


@pytest.mark.parametrize(
    "type", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE]
)
def test_what_is_no_plain_file(original: Path, tmp_path: Path, type: bytes) -> None:
    def replace(info: tarfile.TarInfo, data: bytes) -> tuple[tarfile.TarInfo, bytes]:
        if info.name == "data/signing.key":
            info.type, info.linkname = type, "/etc/passwd"
        return info, data

    rewrite(original / "backup.tar", tmp_path / "evil.tar", replace)

    assert "no plain file" in try_restore(tmp_path / "evil.tar", tmp_path / "data")
    assert_nothing_restored(tmp_path / "data")


def test_a_file_inside_a_file_and_one_twice(original: Path, tmp_path: Path) -> None:
    for number, name in enumerate(("data/audiobrew.sqlite/x", "data/audiobrew.sqlite")):

        def rename(
            info: tarfile.TarInfo, data: bytes, name: str = name
        ) -> tuple[tarfile.TarInfo, bytes]:
            info.name = name if info.name == "data/engine.sqlite" else info.name
            return info, data

        rewrite(original / "backup.tar", tmp_path / f"{number}.tar", rename)

        assert "data/audiobrew.sqlite" in try_restore(tmp_path / f"{number}.tar", tmp_path / "data")
        assert_nothing_restored(tmp_path / "data")


@pytest.mark.parametrize("change", [{"schema": "9999"}, {"format": 2}])
def test_a_backup_of_a_newer_version(
    original: Path, tmp_path: Path, change: dict[str, object]
) -> None:
    def renew(info: tarfile.TarInfo, data: bytes) -> tuple[tarfile.TarInfo, bytes]:
        return info, json.dumps(json.loads(data) | change).encode() if info.name == HEADER else data

    rewrite(original / "backup.tar", tmp_path / "newer.tar", renew)

    assert "Update AudioBrew first" in try_restore(tmp_path / "newer.tar", tmp_path / "data")
    assert_nothing_restored(tmp_path / "data")


def test_a_database_of_a_newer_version_than_the_header_says(original: Path, tmp_path: Path) -> None:
    data = tmp_path / "original"
    shutil.copytree(original / "data", data)
    with closing(sqlite3.connect(data / "audiobrew.sqlite")) as database:
        database.execute("update alembic_version set version_num = '9999'")
        database.commit()
    back_up(data, tmp_path / "backup.tar")

    def age(info: tarfile.TarInfo, content: bytes) -> tuple[tarfile.TarInfo, bytes]:
        older = {"schema": "0001"}
        return info, json.dumps(
            json.loads(content) | older
        ).encode() if info.name == HEADER else content

    rewrite(tmp_path / "backup.tar", tmp_path / "newer.tar", age)

    assert "Update AudioBrew first" in try_restore(tmp_path / "newer.tar", tmp_path / "data")
    assert_nothing_restored(tmp_path / "data")


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"files": [1]}', b"[" * 100_000])
@pytest.mark.parametrize("name", [HEADER, MANIFEST])
def test_a_damaged_header_or_manifest(
    original: Path, tmp_path: Path, name: str, content: bytes
) -> None:
    def damage(info: tarfile.TarInfo, data: bytes) -> tuple[tarfile.TarInfo, bytes]:
        return info, content if info.name == name else data

    rewrite(original / "backup.tar", tmp_path / "damaged.tar", damage)

    assert "cannot be restored" in try_restore(tmp_path / "damaged.tar", tmp_path / "data")
    assert_nothing_restored(tmp_path / "data")


def test_a_folder_that_is_used_by_a_server(original: Path, tmp_path: Path) -> None:
    with run_product(tmp_path / "data") as product:
        product.upload(NEWSLETTER.name, NEWSLETTER.read_bytes())
        answer = audiobrew("restore", original / "backup.tar", "--data", tmp_path / "data")
        assert_refused(answer, "AudioBrew is running", "Stop it first")
        assert product.http.get("/api/mail").json()


def test_a_folder_that_is_not_empty_is_left_as_it_is(original: Path, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir(mode=0o755)
    (tmp_path / "home" / "letter.txt").write_text("dear")

    sentence = try_restore(original / "backup.tar", tmp_path / "home")

    assert "letter.txt" in sentence
    assert "mv " in sentence
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["letter.txt"]
    assert (tmp_path / "home").stat().st_mode & 0o777 == 0o755


def test_an_interrupted_restore_is_repeated_and_nothing_else_starts(
    original: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    (data / ".audiobrew-restoring" / "data").mkdir(parents=True)
    (data / "media").mkdir()
    (data / "audiobrew.sqlite").write_bytes(b"half")

    assert_refused(audiobrew("serve", "--port", 0, "--data", data), "has not finished", "restore")
    assert try_restore(original / "backup.tar", data) == ""

    assert rows(data / "audiobrew.sqlite") == rows(original / "data" / "audiobrew.sqlite")
    assert files(data) == files(original / "data")


def test_an_empty_folder_of_an_earlier_server_is_used(original: Path, tmp_path: Path) -> None:
    (tmp_path / "data" / "lost+found").mkdir(parents=True)
    (tmp_path / "data" / "serving.lock").touch()

    assert try_restore(original / "backup.tar", tmp_path / "data") == ""
    assert files(tmp_path / "data") == files(original / "data")


def test_a_disk_that_is_full(
    original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(restore.os, "fsync", fail)
    sentence = try_restore(original / "backup.tar", tmp_path / "data")
    monkeypatch.undo()

    assert sentence == f"Nothing was restored: {tmp_path / 'data'} (No space left on device)."
    assert_nothing_restored(tmp_path / "data")


def test_a_hidden_folder_that_stays(
    original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder is complete then, and says what is to be done."""

    def fail(path: Path, *_: object, **__: object) -> None:
        raise OSError(16, "Device or resource busy", str(path))

    monkeypatch.setattr(restore.shutil, "rmtree", fail)
    sentence = try_restore(original / "backup.tar", tmp_path / "data")
    monkeypatch.undo()

    assert sentence.startswith("Everything was restored, but")
    assert files(tmp_path / "data") == files(original / "data")


def test_rows_that_belong_into_the_other_kind_of_database(original: Path, tmp_path: Path) -> None:
    env = {"DATABASE_URL": "postgresql://u:p@127.0.0.1:1/x", "AUDIOBREW_MODE": "embedded"}
    answer = audiobrew("restore", original / "backup.tar", "--data", tmp_path / "data", **env)

    assert_refused(answer, "unset DATABASE_URL")
    assert Settings(data=tmp_path / "data").database_url is None


def test_a_server_that_starts_meanwhile_keeps_its_data(
    original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"

    @contextmanager
    def lock_too_late(folder: Path, purpose: str, *, restores: bool = False) -> Iterator[bool]:
        shutil.copytree(original / "data", folder)
        with (
            lock_data_folder(folder, "serving"),
            lock_data_folder(folder, purpose, restores=restores) as alone,
        ):
            yield alone

    monkeypatch.setattr(restore, "lock_data_folder", lock_too_late)

    assert "already running" in try_restore(original / "backup.tar", data)
    assert files(data) == files(original / "data")

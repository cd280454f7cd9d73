"""A backup with Postgres: pg_dump takes the rows, and pg_restore puts them into an empty database."""

import os
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from audiobrew.cli import restore as restore_module
from audiobrew.cli.refusal import Refusal

from tests.cli.backups import back_up, files, restore
from tests.cli.test_refusals import assert_refused, audiobrew
from tests.postgres import Cluster, binaries, cluster
from tests.product import SAMPLES, Product, run_product

NEWSLETTER = next(iter(sorted(SAMPLES.glob("*.eml"))))
PROGRAMS = {"PATH": f"{binaries()}:{os.environ['PATH']}"}


@pytest.fixture(scope="module")
def postgres() -> Iterator[Cluster]:
    with cluster() as running:
        yield running


def variables(url: str) -> dict[str, str]:
    return {"DATABASE_URL": url, "AUDIOBREW_MODE": "embedded", **PROGRAMS}


@dataclass(frozen=True)
class Original:
    """A data folder with an episode, whose rows are in Postgres. `token`: of a session."""

    data: Path
    url: str
    token: str
    episode: str


@pytest.fixture(scope="module")
def original(postgres: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Original:
    data, url = tmp_path_factory.mktemp("original") / "data", postgres.database()
    with run_product(data, **variables(url)) as product:
        product.upload(NEWSLETTER.name, NEWSLETTER.read_bytes())
        return Original(data, url, product.token, str(product.brew(minutes=1)["id"]))


def check_episode(product: Product, token: str, episode: str) -> None:
    product.http.headers["Authorization"] = f"Bearer {token}"
    assert product.episode(episode)["status"] == "ready"
    audio = product.http.get(f"/api/podcast/{episode}/audio", follow_redirects=True)
    assert len(audio.raise_for_status().content) > 10_000


def test_rows_in_postgres_come_back(postgres: Cluster, original: Original, tmp_path: Path) -> None:
    data, file, url = original.data, tmp_path / "backup.tar", original.url
    back_up(data, file, **variables(url))

    assert_refused(
        audiobrew("restore", file, "--data", tmp_path / "copy", **variables(url)), "tables already"
    )
    assert_refused(audiobrew("restore", file, "--data", tmp_path / "copy"), "set DATABASE_URL")
    assert not (tmp_path / "copy").exists()
    empty = postgres.database()
    restore(file, tmp_path / "copy", **variables(empty))

    assert files(tmp_path / "copy") == files(data)
    with run_product(tmp_path / "copy", **variables(empty)) as product:
        check_episode(product, original.token, original.episode)


def test_a_dump_of_ones_own_is_kept_beside_the_backup(original: Original, tmp_path: Path) -> None:
    data, file, url = original.data, tmp_path / "backup.tar", original.url
    (tmp_path / "empty").mkdir()
    no_programs = variables(url) | {"PATH": str(tmp_path / "empty")}

    assert_refused(
        audiobrew("backup", file, "--data", data, **no_programs), "pg_dump", "--without-postgres"
    )
    answer = audiobrew("backup", file, "--data", data, "--without-postgres", **no_programs)
    assert answer.returncode == 0
    assert "rows in Postgres are not in it" in answer.stdout
    answer = audiobrew("restore", file, "--data", tmp_path / "copy", **no_programs)
    assert "rows are not in this backup" in answer.stdout
    assert files(tmp_path / "copy") == files(data)


def test_a_failed_dump_and_a_failed_restore_leave_nothing(
    postgres: Cluster, original: Original, tmp_path: Path
) -> None:
    data, file, url = original.data, tmp_path / "backup.tar", original.url
    gone = variables(url.rsplit("/", 1)[0] + "/gone")

    assert_refused(audiobrew("backup", file, "--data", data, **gone), "database")
    back_up(data, file, **variables(url))
    empty = postgres.database()
    with psycopg.connect(postgres.as_owner(empty), autocommit=True) as database:
        database.execute(b"create type audiobrew.listeners as (x int)")
    answer = audiobrew("restore", file, "--data", tmp_path / "copy", **variables(empty))
    assert_refused(answer, "Postgres refused")
    assert not (tmp_path / "copy").exists()
    with psycopg.connect(postgres.as_owner(empty)) as database:
        query = b"select count(*) from pg_tables where schemaname like 'audiobrew%'"
        assert database.execute(query).fetchone() == (0,)


def test_files_that_cannot_be_moved_leave_the_database_empty(
    postgres: Cluster, original: Original, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, empty = tmp_path / "backup.tar", postgres.database()
    back_up(original.data, file, **variables(original.url))

    def fail(path: Path, target: Path) -> None:
        raise OSError(28, "No space left on device", str(target))

    with monkeypatch.context() as patches:
        for name, value in variables(empty).items():
            patches.setenv(name, value)
        patches.setattr(restore_module.signal, "signal", lambda *_: None)
        patches.setattr(Path, "replace", fail)
        with pytest.raises(Refusal, match="Nothing was restored"):
            restore_module.run(Namespace(file=file, data=tmp_path / "copy"))
    assert not (tmp_path / "copy").exists()
    restore(file, tmp_path / "copy", **variables(empty))
    assert files(tmp_path / "copy") == files(original.data)


def test_the_password_is_in_no_argument(original: Original, tmp_path: Path) -> None:
    """Every user of the machine can see the arguments of a process."""
    (tmp_path / "bin").mkdir()
    fake = tmp_path / "bin" / "pg_dump"
    fake.write_text(
        f'#!/bin/sh\necho "$@" > {tmp_path}/arguments\nexec {binaries()}/pg_dump "$@"\n'
    )
    fake.chmod(0o700)
    path = f"{tmp_path / 'bin'}:{os.environ['PATH']}"
    back_up(original.data, tmp_path / "backup.tar", **variables(original.url) | {"PATH": path})

    assert "secret" not in (tmp_path / "arguments").read_text()

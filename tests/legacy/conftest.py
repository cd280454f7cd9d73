"""One Postgres server for all tests of the import; each test has a database of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.legacy.old_project import OldProject, create_old_project
from tests.postgres import Cluster, cluster


@pytest.fixture(scope="module")
def postgres() -> Iterator[Cluster]:
    with cluster() as running:
        yield running


@pytest.fixture
def old(postgres: Cluster, tmp_path: Path) -> Iterator[OldProject]:
    """The old application, after its public access was closed."""
    with create_old_project(postgres, tmp_path) as old:
        old.close_public_access()
        yield old

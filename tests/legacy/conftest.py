"""One Postgres server for all tests of the import; each test has a database of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.legacy.before import Before, before
from tests.postgres import Cluster, cluster


@pytest.fixture(scope="module")
def postgres() -> Iterator[Cluster]:
    with cluster() as running:
        yield running


@pytest.fixture
def old(postgres: Cluster, tmp_path: Path) -> Iterator[Before]:
    """The old application, after its public access was closed."""
    with before(postgres, tmp_path) as old:
        old.close_the_hole()
        yield old

"""A production environment with a migrated database, for the tests of Vercel's functions."""

from collections.abc import Iterator

import pytest

from tests.production import Production, production


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Production]:
    with production(tmp_path_factory.mktemp("live")) as product:
        assert product.run("migrate").returncode == 0
        yield product

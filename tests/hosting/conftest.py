"""Production with every vendor's stand-in, migrated: what functions on Vercel are tried on."""

from collections.abc import Iterator

import pytest

from tests.production import Production, production


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Production]:
    with production(tmp_path_factory.mktemp("live")) as made:
        assert made.run("migrate").returncode == 0
        yield made

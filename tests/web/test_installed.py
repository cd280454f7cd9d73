"""The app on a device: its start without a network, downloaded episodes, and a new version."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.product import Product, run_product
from tests.web.browser import MINUTES, WEB, require_build, run_projects
from tests.web.library import brew_episode, plain
from tests.web.next_version import write_next_version
from tests.web.test_journey import sign_in_link

pytestmark = pytest.mark.timeout((MINUTES + 5) * 60)


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    require_build()
    shutil.copytree(WEB / "build", tmp_path / "web")
    write_next_version(WEB / "build", tmp_path / "next")
    with run_product(tmp_path / "data", AUDIOBREW_WEB=str(tmp_path / "web")) as product:
        yield product


def test_the_app_is_on_the_device(product: Product, tmp_path: Path) -> None:
    variables = {
        "BASE_URL": product.url,
        "SIGN_IN": sign_in_link(product),
        "SIGN_IN_AGAIN": sign_in_link(product),
        "EPISODE": brew_episode(product, "Short", plain(1)),
        "OTHER": brew_episode(product, "Harbour news", plain(2), plain(3)),
        "FOLDER": str(tmp_path),
    }

    assert run_projects("installed", **variables) == 0

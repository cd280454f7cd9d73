"""A listener's whole way through the web app: a real browser, against the real product."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.product import SAMPLES, Product, run_product
from tests.web.browser import MINUTES, SCREENS, built, journey

pytestmark = pytest.mark.timeout((MINUTES + 5) * 60)


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    built()
    with run_product(tmp_path / "data") as product:
        yield product


def sign_in_link(product: Product) -> str:
    command = [sys.executable, "-m", "audiobrew", "sign-in", "--data", str(product.data)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return printed.stdout.strip()


def test_a_listener_goes_the_whole_way_in_a_browser(product: Product) -> None:
    told = {"BASE_URL": product.url, "SIGN_IN": sign_in_link(product), "SAMPLES": str(SAMPLES)}

    assert journey("sign-in", "journey", *SCREENS, **told) == 0

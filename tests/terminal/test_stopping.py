"""A product that is told to stop hands its work over and says so."""

import signal
from pathlib import Path

import pytest

from tests.product import Product


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_a_server_that_is_told_to_stop_ends_well(tmp_path: Path, told: signal.Signals) -> None:
    product = Product(tmp_path / "data")
    product.upload_samples()
    brewing = product.start(minutes=2)

    product.process.send_signal(told)
    code = product.process.wait(20)
    product.stop()
    again = Product(tmp_path / "data")
    ended = again.ended(brewing)
    again.stop()

    assert code == 0
    assert ended["status"] == "ready"
    assert [line for line in product.lines if "goes on at the next start" in line]
    assert "Traceback" not in "\n".join(product.lines)

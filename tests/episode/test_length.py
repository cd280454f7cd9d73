"""The extractive writer and espeak make episodes of the ordered length, and speak no clip twice."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.product import Product, run_product


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with run_product(tmp_path_factory.mktemp("minutes") / "data") as product:
        product.upload_samples()
        yield product


@pytest.fixture(scope="module")
def newsletters(product: Product) -> list[str]:
    listed = product.http.get("/api/mail", params={"limit": 200}).raise_for_status().json()
    return [mail["id"] for mail in listed]


def spoken(product: Product) -> int:
    return sum("voice.called" in line for line in product.lines)


@pytest.mark.parametrize("minutes", [1, 3])  # five: tests/journey
def test_an_episode_has_the_ordered_length(
    product: Product, newsletters: list[str], minutes: int
) -> None:
    episode: Any = product.brew(email_ids=newsletters, minutes=minutes)

    assert episode["seconds"] == pytest.approx(minutes * 60, rel=0.1)
    assert "Asked for" not in (episode["note"] or "")


def test_the_same_order_again_makes_no_clip_again(product: Product, newsletters: list[str]) -> None:
    """If there is time for all newsletters. Otherwise those that were left out come first."""
    order: Any = {"email_ids": newsletters[:3], "minutes": 1}
    first = product.brew(**order)
    before = spoken(product)

    again = product.brew(**order)

    assert before > 0
    assert first["note"] is None
    assert spoken(product) == before
    assert again["seconds"] == first["seconds"]

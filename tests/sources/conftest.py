"""`ada` and `bob`: listeners with mailboxes at a stand-in for Google, new for every test."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sources.gmail_world import Person, World


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[World]":
    from tests.sources.gmail_world import run_world

    with run_world(tmp_path_factory.mktemp("world")) as world:
        yield world


@pytest.fixture
def ada(world: "World") -> "Iterator[Person]":
    person = world.person()
    with person.client:
        yield person


@pytest.fixture
def bob(world: "World") -> "Iterator[Person]":
    person = world.person()
    with person.client:
        yield person

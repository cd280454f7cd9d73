"""What stands in a mail is in the listener's own database, and nowhere else on the machine."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.product import Product, run_product

PHRASE = "a heron named Quillfeather inspects the lock gates"
MAIL = f"""\
From: Canary Weekly <wren@canary-weekly.example>
To: ada@listener.example
Subject: Marigold ledgers revisited
Date: Mon, 23 Nov 2026 07:30:00 +0000
List-Id: Canary Weekly <canary-weekly.example>
Content-Type: text/plain; charset=utf-8

Every morning {PHRASE} before the first barge of the day arrives.

The harvest in Huila grew by 12 percent this year, the growers' union reports.
"""
WORDS = (PHRASE, "Quillfeather", "Marigold ledgers", "wren@canary-weekly", "ada@listener")


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with run_product(tmp_path_factory.mktemp("canary") / "data") as product:
        product.upload("canary.eml", MAIL.encode())
        product.brew(minutes=1)
        yield product


def holding(data: Path, word: str) -> set[str]:
    """Names, below the data folder, of the files that hold the word."""
    files = (file for file in data.rglob("*") if file.is_file())
    return {str(file.relative_to(data)) for file in files if word.encode() in file.read_bytes()}


def test_the_search_finds_what_is_there(product: Product) -> None:
    assert holding(product.data, PHRASE) & {"audiobrew.sqlite", "audiobrew.sqlite-wal"}


@pytest.mark.parametrize("word", WORDS)
def test_a_word_of_a_mail_is_in_the_database_alone(product: Product, word: str) -> None:
    found = holding(product.data, word) - published(product.data)

    assert found <= {"audiobrew.sqlite", "audiobrew.sqlite-wal"}


def published(data: Path) -> set[str]:
    """Finished episodes name their stories, as the listener's player shows them."""
    return {str(file.relative_to(data)) for file in (data / "media" / "episodes").glob("*.mp3")}


def test_nothing_but_a_title_is_written_into_the_audio(product: Product) -> None:
    for word in (PHRASE, "wren@canary-weekly", "ada@listener"):
        assert not holding(product.data, word) & published(product.data)


def test_the_engine_remembers_ids_and_counts_alone(product: Product) -> None:
    with closing(sqlite3.connect(product.data / "engine.sqlite")) as engine:
        names = engine.execute("select name from sqlite_master where type = 'table'").fetchall()
        rows = [row for (name,) in names for row in engine.execute(f'select * from "{name}"')]

    assert len(rows) > 10
    assert not [word for word in (*WORDS, product.token) if word in repr(rows)]


def test_a_token_is_kept_nowhere(product: Product) -> None:
    assert holding(product.data, product.token) == set()


def test_nothing_of_it_is_logged(product: Product) -> None:
    logged = "\n".join(product.lines)

    assert "clip.kept" in logged
    assert not [word for word in (*WORDS, product.token) if word in logged]


def test_nothing_on_its_way_stays_behind(product: Product) -> None:
    assert not list((product.data / "joining").iterdir())
    assert not list((product.data / "media" / ".new").iterdir())

"""Boilerplate is cut in every language that is offered, and stories with its words are not."""

import tomllib
from pathlib import Path

import pytest

from tests.mail.mails import html, read

LINES = tomllib.loads(Path(__file__).with_name("boilerplate.toml").read_text(encoding="utf-8"))
FOOTER = "<p style='font-size:11px'><a href='https://e.example/u'>Unsubscribe</a></p>"


def is_cut(line: str, page: str) -> bool:
    return all(block.cut is not None for block in read(html(page)).blocks if block.text == line)


def stories(language: str, count: int) -> str:
    return "".join(f"<p>{LINES[language]['story']} {number}.</p>" for number in range(count))


@pytest.mark.parametrize("place", ["first", "middle", "last"])
@pytest.mark.parametrize("language", LINES)
def test_stories_with_words_of_boilerplate_are_read_aloud(language: str, place: str) -> None:
    before, after = {"first": (0, 6), "middle": (5, 4), "last": (6, 0)}[place]
    pages = {
        line: f"{stories(language, before)}<p>{line}</p>{stories(language, after)}"
        for line in LINES[language]["content"]
    }

    assert [line for line, page in pages.items() if is_cut(line, page)] == []


@pytest.mark.parametrize("language", LINES)
def test_boilerplate_above_the_footer_is_cut(language: str) -> None:
    pages = {
        line: f"{stories(language, 8)}<p>{line}</p>{FOOTER}"
        for line in LINES[language]["boilerplate"]
    }

    assert [line for line, page in pages.items() if not is_cut(line, page)] == []

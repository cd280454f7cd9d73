"""Advertisements are cut with their labels in each language, and stories with such a title are not."""

import tomllib
from pathlib import Path

import pytest
from audiobrew.mail.newsletter import Block, Cut

from tests.mail.mails import html, read

LINES = tomllib.loads(Path(__file__).with_name("sponsor_labels.toml").read_text(encoding="utf-8"))
LINK = "<a href='https://quillmark.example/x'>quillmark.example</a>"


def read_page(language: str, middle: str) -> tuple[Block, ...]:
    """The blocks of a page with a story before `middle` and one after it."""
    story = LINES[language]["story"]
    before = f"<h2>{story[12:20]}</h2><p>{story}</p><p>{story} 2.</p>"
    after = f"<h2>{story[20:28]}</h2><p>{story} 3.</p><p>{story} 4.</p>"
    return read(html(f"{before}{middle}{after}")).blocks


@pytest.mark.parametrize("language", LINES)
def test_a_label_is_cut_with_the_copy_below_it_and_nothing_else(language: str) -> None:
    copy = f"<p>Quillmark Q12: {LINES[language]['story']} {LINK}</p>"
    pages = {
        label: read_page(language, f"<p>{label}</p>{copy}") for label in LINES[language]["labels"]
    }
    texts = {
        label: [block.text[:13] for block in blocks if block.cut is Cut.SPONSOR]
        for label, blocks in pages.items()
    }

    assert {label: cut for label, cut in texts.items() if len(cut) != 2} == {}
    assert {label: cut for label, cut in texts.items() if cut[1] != "Quillmark Q12"} == {}


@pytest.mark.parametrize("tag", ["h2", "h3", "b"])
@pytest.mark.parametrize("language", [code for code in LINES if LINES[code]["titles"]])
def test_a_story_is_read_aloud_whose_title_has_words_of_labels(language: str, tag: str) -> None:
    story = LINES[language]["story"]
    pages = {
        title: read_page(language, f"<{tag}>{title}</{tag}><p>{story} 5.</p><p>{story} 6.</p>")
        for title in LINES[language]["titles"]
    }

    assert [title for title, blocks in pages.items() if any(block.cut for block in blocks)] == []

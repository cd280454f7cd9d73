"""Lines that only count pages are not read aloud; those that tell of pages are."""

import pytest

from tests.mail.mails import html, uncut_texts

STORY = "The council voted on Tuesday to rebuild the north pier after two winters of storms."


@pytest.mark.parametrize(
    "line", ["Page 2 of 14", "- Seite 3 -", "Página 1 de 2", "Sivu 2/5", "第 3 頁", "(more)"]
)
def test_a_page_number_is_cut(line: str):
    assert uncut_texts(html(f"<p>{STORY}</p><p>{line}</p><p>{STORY} Again.</p>")) == [
        STORY,
        f"{STORY} Again.",
    ]


@pytest.mark.parametrize(
    "line", ["Page 2 of the contract is missing.", "Part 2 of 5", "Leeds 1 Arsenal 2"]
)
def test_a_line_about_a_page_or_a_part_is_told(line: str):
    assert line in uncut_texts(html(f"<p>{STORY}</p><p>{line}</p><p>{STORY} Again.</p>"))

"""Sections of sponsors and of housekeeping are cut, and stories that resemble them are told."""

import html as markup
import re
import tomllib
from itertools import groupby
from pathlib import Path

import pytest

from tests.mail.mails import html, read

FOLDER = Path(__file__).parent
SECTIONS = tomllib.loads((FOLDER / "sections.toml").read_text(encoding="utf-8"))["section"]
LINES = tomllib.loads((FOLDER / "boilerplate.toml").read_text(encoding="utf-8"))
FOOTER = "<hr><p style='font-size:11px'><a href='https://e.example/u'>Unsubscribe</a></p>"
TITLES = ("Arden", "Corve", "Stour", "Tarn")
# The newsletters' names. Some sections name theirs.
NAME = "Harbour"
NAMES = {
    "en": "The Harbour Letter",
    "de": "Hafenbrief",
    "fr": "La Lettre du port",
    "es": "La Carta del Puerto",
    "pt": "A Carta do Porto",
    "it": "La Lettera dal molo",
    "nl": "De Havenbrief",
    "sv": "Hamnbrevet",
}
DRAWINGS = {
    "h2": "<h2>{}</h2>",
    "h3": "<h3>{}</h3>",
    "p": "<p>{}</p>",
    "li": "<ul><li>{}</li></ul>",
    "small": "<p style='font-size:11px'>{}</p>",
    "label": "<p style='text-align:center;font-size:12px'><strong>{}</strong></p>",
    "button": "<p><a href='https://e.example/b' style='background:#123;padding:9px'>{}</a></p>",
    "hr": "<hr>",
}


def draw(line: str) -> str:
    kind, _, text = line.partition(" ")
    text = re.sub(
        r"\[([^\]]+)\]", r"<a href='https://e.example/l'>\1</a>", markup.escape(text, quote=False)
    )
    return DRAWINGS[kind].format(text)


def normalize(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def draw_stories(language: str, numbers: range) -> str:
    story = LINES[language]["story"]
    return "".join(f"<h2>{TITLES[number]}</h2><p>{story} {number}.</p>" for number in numbers)


def uncut_texts(section: dict[str, object], lines: list[str]) -> list[str]:
    """The texts that are told of a mail with four stories and a section between them."""
    language = str(section["language"])
    before = {"top": 0, "middle": 2, "end": 4}[str(section["place"])]
    page = "".join(
        (
            draw_stories(language, range(before)),
            *map(draw, lines),
            draw_stories(language, range(before, 4)),
            FOOTER,
        )
    )
    sender = f"{NAMES.get(language, NAME)} <post@harbour.example>"
    raw = html(page).replace(b"Ada Brook <ada@example.com>", sender.encode())
    return [normalize(block.text) for block in read(raw).uncut_blocks]


def wrong_lines(section: dict[str, object], lines: list[str]) -> list[str]:
    told = uncut_texts(section, lines)
    texts = {line: normalize(line.partition(" ")[2]) for line in lines}
    is_story = section["kind"] == "story"
    return [line for line, own in texts.items() if own and (own in told) is not is_story]


@pytest.mark.parametrize(
    ("language", "sections"),
    [
        (language, [*sections])
        for language, sections in groupby(
            sorted(SECTIONS, key=lambda one: str(one["language"])), lambda one: str(one["language"])
        )
    ],
)
def test_sections_are_cut_and_stories_are_told(
    language: str, sections: list[dict[str, object]]
) -> None:
    wrong = [
        line for section in sections for line in wrong_lines(section, [*map(str, section["lines"])])
    ]

    assert wrong == []

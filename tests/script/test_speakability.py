"""What cannot be understood by ear is not told, as long as there is something else."""

import pytest
from audiobrew.script.items import items_of
from audiobrew.script.speakability import is_speakable

from tests.mail.mails import html, read

STORY = "<p>The harbour town opened its new tram line on Monday, after nine years of work on the quay.</p>"


def told(page: str) -> list[str]:
    return [line.text for item in items_of(read(html(page))) for line in item.lines]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Run brew upgrade --all to install it."),
        ("en", "Run brew upgrade --to 4.6.0 first."),
        ("en", "Requests to /api/v1/ return an error from May on."),
        ("en", "The import accepts dates in DD.MM.YYYY format."),
        ("en", "Set BREW_CACHE_URL and you are done."),
        ("en", "Call onBuildEnd(done) instead."),
        ("en", "Rookie Sam Hale had 2G, 1A on Friday."),
        ("en", "[Figure 3: Prices by region]"),
        ("en", "The rate was 3% (up from 2%."),
        ("en", "(+5.2%), the best since May."),
        ("en", "The xtr. charge is gone."),
        ("de", "Der Verbund setzt zus. Busse ein."),
        ("de", "Bitte C:\\Fuchs\\data sichern."),
    ],
)
def test_code_and_halves_are_not_speakable(language: str, text: str) -> None:
    assert not is_speakable(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The tram costs $3.50 (up from $3), Apple Inc. said at 5 p.m. on Friday."),
        ("en", "He and/or she came for the 3rd time with a 3D printer and 5G, in the 90s."),
        ("en", "(He got it anyway. My father found out and cried.)"),
        ("en", "It ran to the U.S. border. She went on. Then it rained."),
        ("de", "Das ist bzw. war am 3. Mai so, z. B. in St. Gallen."),
        ("fr", "C'est la 3e fois, le 1er mai, à 20h."),
        ("cs", "Vlk a prst."),
    ],
)
def test_other_sentences_are_speakable(language: str, text: str) -> None:
    assert is_speakable(text, language)


def test_what_is_not_speakable_is_told_only_if_there_is_nothing_else() -> None:
    code = "<p>Run brew upgrade --all in the folder of your project to install the release.</p>"

    assert told(f"<h2>News</h2>{STORY}{code}") == told(f"<h2>News</h2>{STORY}")
    assert told(code)


def test_a_rest_is_not_told_without_its_beginning() -> None:
    page = f"{STORY}<p>Set BREW_CACHE_URL in the shell. We do not know either.</p>"

    assert told(page) == told(STORY)


def test_a_list_of_links_beside_each_other_is_not_told() -> None:
    links = (
        "<a href='https://e.example/a'>Night bakers</a> · <a href='https://e.example/b'>Tuners</a>"
    )

    assert told(f"{STORY}<p>Also this week: {links}</p>") == told(STORY)


def test_an_aside_about_the_text_is_not_told() -> None:
    aside = "This conversation has been edited for length and clarity."

    assert aside not in told(f"{STORY}<p>{aside}</p>")


def test_parts_after_a_semicolon_stay_together() -> None:
    text = "It passed 24 gigawatts in the summer; 20 was last year."

    assert text in told(f"{STORY}<p>{text}</p>")


def test_a_badge_is_no_part_of_a_title() -> None:
    page = f"<h2>Recurring invoices in all plans <span>NEW</span></h2>{STORY}{STORY}"

    assert [item.title for item in items_of(read(html(page)))] == [
        "Recurring invoices in all plans"
    ]

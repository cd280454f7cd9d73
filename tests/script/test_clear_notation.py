"""Sums of money name their country if the newsletter needs it."""

import pytest
from audiobrew.script.clear_notation import with_clear_notation
from audiobrew.script.speech_text import speech_text

from tests.mail.mails import html, read
from tests.script.mails import newsletter
from tests.script.test_structure import STORY

TEXT = "The ferry to Skarholm runs again, and the pier has new lamps. {}"


@pytest.mark.parametrize(
    ("text", "speech"),
    [
        ("A berth costs $12, and a lamp £3.", "A berth costs 12 dollars, and a lamp 3 pounds."),
        ("It costs US$3 now.", "It costs 3 US dollars now."),
        (
            "It costs $3 here and C$5 there.",
            "It costs 3 US dollars here and 5 Canadian dollars there.",
        ),
        (
            "It costs $3 here, which is US$2, and A$3 there.",
            "It costs 3 dollars here, which is 2 US dollars, and 3 Australian dollars there.",
        ),
        (
            "It costs $3 here and R$9 there.",
            "It costs 3 dollars here and 9 Brazilian reals there.",
        ),
    ],
)
def test_dollars_name_their_country_beside_those_of_another(text: str, speech: str) -> None:
    mail = with_clear_notation(newsletter("Skarholm Post", "The ferry", TEXT.format(text)))
    told = [block.text for block in mail.blocks if "Skarholm runs" in block.text]

    assert speech_text(told[0], "en") == TEXT.format(speech)


def test_a_newsletter_with_one_kind_of_dollars_stays() -> None:
    mail = newsletter("Skarholm Post", "The ferry", TEXT.format("It costs $3 and €2."))

    assert with_clear_notation(mail) is mail


def test_minutes_in_a_table_of_durations_are_no_meters() -> None:
    rows = ("Night copy|3 h 10 m|48 m", "Check|35 m|9 m", "Rope|1 m 20 s|12 s")
    cells = "".join(f"<tr><td>{row.replace('|', '</td><td>')}</td></tr>" for row in rows)
    durations = read(html(f"{STORY}<table>{cells}</table>"))
    lengths = read(html(f"{STORY}<table><tr><td>Pier</td><td>48 m</td></tr></table>"))
    texts = [block.text for block in with_clear_notation(durations).blocks]

    assert texts[-2] == "Check: 35 min, 9 min"
    assert with_clear_notation(lengths) is lengths


def test_days_by_which_rows_are_called_are_no_fractions() -> None:
    def texts(*rows: str) -> list[str]:
        cells = "".join(f"<tr><td>{row.replace('|', '</td><td>')}</td></tr>" for row in rows)
        page = f"{STORY}<table><tr><th>Week ending</th><th>Eggs</th></tr>{cells}</table>"
        return [block.text for block in with_clear_notation(read(html(page))).blocks][-len(rows) :]

    assert texts("11/7|310", "11/14|290", "11/21|305") == [
        "November 7: 310", "November 14: 290", "November 21: 305",
    ]  # fmt: skip
    assert texts("1/4|3", "1/2|5", "3/4|6") == ["1/4: 3", "1/2: 5", "3/4: 6"]

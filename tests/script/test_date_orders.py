"""Dates such as `3/12` mean the day that the newsletter means, in every part of an episode."""

from dataclasses import replace
from datetime import date

import pytest
from audiobrew.mail.newsletter import Newsletter
from audiobrew.script.date_orders import DateOrder, clear_dates, date_order, with_clear_dates
from audiobrew.script.extractive_segments import build_rundown, build_segment
from audiobrew.script.gate.gate import check_script
from audiobrew.script.openai.prompts import newsletter_as_data
from audiobrew.script.script import Kind, Script, Segment, Sentence, Speaker
from audiobrew.script.writer import Brief

from tests.script.mails import newsletter

BRIEF = Brief(5, "AudioBrew", date(2026, 11, 30), {"en": 15.0})
NEUTRAL = """The ferry to Skarholm runs again, and the pier has new lamps. The winter timetable
holds until the ice breaks up. {}
"""


def letter(text: str, language: str = "en") -> Newsletter:
    result = newsletter("Skarholm Post", "The ferry", NEUTRAL.format(text))
    return replace(result, language=language)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        # A date with its year fits one order only, and the others follow it.
        ("Sailings stop on 4/12. Tickets are valid to 31/01/2027.", "dmy"),
        ("Sailings stop on 4/12. Tickets are valid to 01/31/2027.", "mdy"),
        ("Sailings stop on 4/12.", None),
        # A weekday beside a date, in the year of the mail or the next one.
        ("The choir sings on Fri 4/12.", "dmy"),
        ("The choir sings on Saturday, 12/5.", "mdy"),
        ("The choir sings on 8/1 (Friday), and again on 6/2.", "dmy"),
        ("The school opens on Mon. 28/12.", "dmy"),
        # Many more dates of one order outvote a slip.
        ("Mon 30/11, Tue 1/12, Wed 2/12, Thu 3/12, Fri 12/4.", "dmy"),
        ("Mon 30/11 and Fri 12/4.", None),
        # Customs of a place.
        ("A berth is £12 a night, and the harbour programme costs 80p. It ends on 4/12.", "dmy"),
        ("We moved here on 26 November. It ends on 4/12.", "dmy"),
        ("We moved here on November 26. It ends on 12/4.", "mdy"),
        ("A pint is £5 in London. It ends on 4/12.", None),
        ("Find us at 12 Quay Street, Leith, EH6 6JJ. Tea is £2. It ends on 4/12.", "dmy"),
        ("One third (1/3) and 24/7 are no dates.", None),
    ],
)
def test_the_order_follows_from_the_newsletter(text: str, order: DateOrder | None) -> None:
    assert date_order(letter(text)) == order


def test_the_day_of_the_mail_shows_the_order() -> None:
    text = "Skarholm Post of 5/11/2026. Sailings stop on 4/12."

    assert date_order(newsletter("Skarholm Post", "News", NEUTRAL.format(text), day=5)) == "dmy"


def test_the_address_of_the_sender_and_a_currency_show_the_order() -> None:
    mail = letter("A berth is £9. It ends on 4/12.")

    assert date_order(replace(mail, address="news@skarholm.co.uk")) == "dmy"
    assert date_order(mail) is None


@pytest.mark.parametrize(
    ("language", "order", "text", "expected"),
    [
        ("en", "dmy", "It closes on 4/12.", "It closes on 4 December."),
        ("en", "dmy", "Since 2/3/2019 it is up.", "Since 2 March 2019 it is up."),
        ("en", "dmy", "Paid by 05/01/27.", "Paid by 5 January 2027."),
        ("en", "dmy", "Sat. 5/12, Sun. 6/12", "Sat. 5 December, Sun. 6 December"),
        ("en", "dmy", "On 3/12, 5/12 and 7/12.", "On 3 December, 5 December and 7 December."),
        ("en", "dmy", "From 5/12 to 8/12 only.", "From 5 December to 8 December only."),
        ("en", "dmy", "5/12 (Sat): market", "5 December (Sat): market"),
        ("en", "dmy", "From 5-8/12 only.", "From 5-8 December only."),
        ("en", "dmy", "It grew by 2/3.", "It grew by 2/3."),
        ("en", "dmy", "A score of 4/5, open 24/7.", "A score of 4/5, open 24/7."),
        ("en", "mdy", "It closes on 4/12.", "It closes on 4/12."),
        ("fr", "mdy", "Ouvert dès le 12/4.", "Ouvert dès le 4 décembre."),
        ("es", "mdy", "Abre el 12/4/2026.", "Abre el 4 de diciembre de 2026."),
        ("pt", "dmy", "Abre em 4/12.", "Abre em 4/12."),
        ("de", "mdy", "Am 12/4/2026 ist zu.", "Am 4. Dezember 2026 ist zu."),
    ],
)
def test_dates_are_put_into_words(
    language: str, order: DateOrder, text: str, expected: str
) -> None:
    assert clear_dates(text, language, order) == expected


def test_languages_with_the_day_first_may_have_the_month_first() -> None:
    text = "Le port ferme le 12/4, puis le mardi 12/29/2026."

    assert date_order(letter(text, "fr")) == "mdy"
    assert date_order(letter("Le port ferme le 4/12 et coûte £5 à Londres.", "fr")) is None


def test_all_parts_of_an_episode_have_the_day_that_is_meant() -> None:
    text = (
        "The market in Skarholm moves on Sat 5/12 from the quay to the old school.\n\n"
        "The council closes the slipway on 4/12 and repairs it with 40 loads of stone."
    )
    mail = newsletter("Skarholm Post", "Market moves on Sat 5/12", text)

    segment = build_segment(build_rundown([mail], BRIEF), 0, [mail], BRIEF)
    told = " ".join(sentence.text for sentence in segment.sentences)
    assert "Sat 5 December from the quay" in told
    assert "on 4 December and" in told
    assert "5/12" not in segment.title
    assert "on 4 December and" in newsletter_as_data(with_clear_dates(mail))

    script = Script("t", "en", (segment,))
    assert check_script(script, [mail], BRIEF).dropped == ()


@pytest.mark.parametrize(
    ("text", "is_true"),
    [
        ("The slipway is closed from 4 December.", True),
        ("The slipway is closed from December 4.", True),
        ("The slipway is closed from April 12.", False),
    ],
)
def test_the_gate_knows_the_day(text: str, is_true: bool) -> None:
    source = "Skarholm, Sat 5/12. The council closes the slipway on 4/12 and repairs it with stone."
    mail = newsletter("Skarholm Post", "The slipway", source)
    sentence = Sentence(text, Speaker.FIRST, Kind.SOURCED, tuple(b.id for b in mail.blocks))
    other = replace(sentence, text="The council repairs it with stone.")
    script = Script("t", "en", (Segment("s", "en", (sentence, other)),))

    assert (len(check_script(script, [mail], BRIEF).dropped) == 0) is is_true


def test_american_newsletters_stay_as_they_are() -> None:
    mail = letter("The center opens on 12/4 and 12/11. Tickets are $5. We met on November 3.")

    assert date_order(mail) == "mdy"
    assert with_clear_dates(mail) is mail

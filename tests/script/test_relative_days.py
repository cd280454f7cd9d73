"""Days that are relative to the mail are said as weekdays or dates when the episode is heard later."""

from datetime import UTC, date, datetime

import pytest
from audiobrew.script.relative_days import (
    day_of,
    is_date_of,
    name_days,
    replace_days,
    without_day_clause,
)

THURSDAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "The bridge closed yesterday.", "The bridge closed on Wednesday."),
        ("en", "Yesterday the bridge closed.", "On Wednesday the bridge closed."),
        ("en", "It opens tomorrow at nine.", "It opens on Friday at nine."),
        ("en", "They met this morning.", "They met on Thursday morning."),
        ("en", "They met last night.", "They met on Wednesday night."),
        ("en", "It was embargoed until today.", "It was embargoed until Thursday."),
        ("en", "The ban lasted from May to today.", "The ban lasted from May to today."),
        ("en", "Since yesterday it rains.", "Since Wednesday it rains."),
        ("en", "Yesterday’s letter was wrong.", "Yesterday’s letter was wrong."),
        ("en", "“I came yesterday,” she said.", "“I came yesterday,” she said."),
        ("en", "Boats are slower today.", "Boats are slower today."),
        ("de", "Das Schiff kam gestern Abend.", "Das Schiff kam am Mittwochabend."),
        ("de", "Seit gestern regnet es.", "Seit Mittwoch regnet es."),
        ("de", "Er kommt seit gestern nicht.", "Er kommt seit Mittwoch nicht."),
        ("de", "Am Morgen kam das Schiff.", "Am Morgen kam das Schiff."),
        ("fr", "Hier, le port a fermé.", "Mercredi, le port a fermé."),
        ("fr", "Il ferme ce soir.", "Il ferme jeudi soir."),
        ("es", "El puerto cerró ayer.", "El puerto cerró el miércoles."),
        ("es", "La reunión de ayer fue corta.", "La reunión del miércoles fue corta."),
        ("el", "Το λιμάνι έκλεισε χθες.", "Το λιμάνι έκλεισε την Τετάρτη."),
        ("ko", "항구는 어제 닫혔다.", "항구는 수요일에 닫혔다."),
    ],
)
def test_a_relative_day_becomes_a_weekday(language: str, text: str, expected: str) -> None:
    assert replace_days(text, language, THURSDAY, date(2026, 11, 29)) == expected


def test_a_day_that_is_a_week_away_becomes_a_date() -> None:
    late = date(2026, 12, 14)

    assert replace_days("It closed yesterday.", "en", THURSDAY, late) == "It closed on November 25."
    assert (
        replace_days("Es schloss gestern.", "de", THURSDAY, late) == "Es schloss am 25. November."
    )
    assert replace_days("They met this morning.", "en", THURSDAY, late) == "They met this morning."


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "They met yesterday evening."),
        ("de", "Das Schiff kam gestern Abend."),
        ("fr", "Il a fermé hier soir."),
        ("it", "Ha chiuso ieri sera."),
    ],
)
def test_a_part_of_a_day_a_week_away_stays(language: str, text: str) -> None:
    assert replace_days(text, language, THURSDAY, date(2026, 12, 14)) == text


def test_a_day_that_depends_on_the_time_zone_is_not_certain() -> None:
    assert day_of(datetime(2026, 11, 26, 12, tzinfo=UTC), "en") == THURSDAY
    assert day_of(datetime(2026, 11, 26, 2, tzinfo=UTC), "en") is None
    assert day_of(datetime(2026, 11, 25, 22, tzinfo=UTC), "ko") == THURSDAY
    assert day_of(datetime(2026, 11, 26, 12, tzinfo=UTC), "ja") is None


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "It's Tuesday, November 24.", True),
        ("en", "It's Tuesday.", True),
        ("en", "It's Wednesday, December 2.", False),
        ("en", "It's November 24.", False),
        ("en", "The vote is on Tuesday, November 24.", False),
        ("de", "es ist Dienstag, der 24. November.", True),
        ("fr", "C'est le mardi 24 novembre.", True),
    ],
)
def test_a_sentence_may_only_say_the_day_of_its_mail(
    language: str, text: str, expected: bool
) -> None:
    moment = datetime(2026, 11, 24, 7, tzinfo=UTC)

    assert is_date_of(text, moment, language) is expected


@pytest.mark.parametrize(
    ("language", "text", "expectation"),
    [
        ("en", "It’s Friday, Nov. 27, and the mill is open.", "The mill is open."),
        ("en", "It's Friday, 27 November, low water is at 6:10.", ""),
        ("en", "It is Friday.", ""),
        ("en", "On Friday, the council of Corran met.", "On Friday, the council of Corran met."),
        (
            "en",
            "It's Friday night, and the pub is full.",
            "It's Friday night, and the pub is full.",
        ),
        ("en", "It's Monday, and the mill is open.", "It's Monday, and the mill is open."),
        ("de", "Es ist Freitag, der 27. November, und der Kran läuft.", "Der Kran läuft."),
        ("fr", "Nous sommes vendredi 27 novembre, et il neige à Brest.", "Il neige à Brest."),
        ("it", "È venerdì, e il mulino è aperto.", "Il mulino è aperto."),
    ],
)
def test_the_day_of_a_mail_is_not_said_again(language: str, text: str, expectation: str) -> None:
    moment = datetime(2026, 11, 27, 11, tzinfo=UTC)

    assert without_day_clause(text, moment, language) == expectation


@pytest.mark.parametrize(
    ("language", "text", "expectation"),
    [
        ("en", "Today: rain until noon.", "On Friday: rain until noon."),
        ("en", "Closed today: the mill.", "Closed on Friday: the mill."),
        ("en", "Doors open tonight at 8.", "Doors open on Friday night at 8."),
        ("de", "Heute: Regen bis Mittag.", "Am Freitag: Regen bis Mittag."),
        ("es", "Cerrado hoy: el molino.", "Cerrado el viernes: el molino."),
        ("en", "Bakers today face a choice.", "Bakers today face a choice."),
    ],
)
def test_the_day_of_a_mail_is_named_on_another_day(
    language: str, text: str, expectation: str
) -> None:
    moment = datetime(2026, 11, 27, 11, tzinfo=UTC)

    assert name_days(text, moment, date(2026, 11, 29), language) == expectation

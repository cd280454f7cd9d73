"""Days that are relative to the mail are said as weekdays or dates when the episode is heard later."""

from datetime import UTC, date, datetime

import pytest
from audiobrew.script.relative_days import day_of, is_date_of, replace_days

THURSDAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "The bridge closed yesterday.", "The bridge closed on Wednesday."),
        ("en", "Yesterday the bridge closed.", "On Wednesday the bridge closed."),
        ("en", "It opens tomorrow at nine.", "It opens on Friday at nine."),
        ("en", "They met this morning.", "They met on Thursday morning."),
        ("en", "They met last night.", "They met on Wednesday night."),
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

"""What the gate accepts and rejects in free words: kinds that strangers' tables showed."""

import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
from audiobrew.script.gate.dates import find_dates
from audiobrew.script.gate.meaning import is_verbatim
from audiobrew.script.gate.names import is_declined
from audiobrew.script.gate.tokens import tokenize

SCRIPT = Path(__file__).parents[2] / "scripts" / "score_gate.py"
WRECK = (
    "Archaeologist Lena Vogt doubts that the ship was attacked. The museum of Torrin paid for the search; "
    "the navy lent a sonar to the museum."
)
PLAY = (
    'The season begins with "The Lamplighter", directed by Tobias Achebe and written by Ines Cole.'
)
SUCCESSION = (
    "Wessel University has named the chemist Amara Lindholm as its next president; she succeeds Paul Iger, "
    "who retires in July after 11 years."
)
BANK = "Notenbankchef Emil Karadag schloss weitere Schritte nicht aus."
PRICE = "Es kostet 579 Euro, 70 Euro mehr als der Vorgänger, und wiegt 181 Gramm."
FEVER = "Fever was more common after the vaccine than after the placebo: 6.2 versus 4.8 percent."


@cache
def score_gate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score_gate_of_free_words", SCRIPT)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def is_rejected(language: str, source: str, text: str) -> bool:
    row = score_gate().Row(language, "", "", source, text)
    return score_gate().check(row) is not None


@pytest.mark.parametrize(
    ("language", "source", "text"),
    [
        ("en", WRECK, "The archaeologist Lena Vogt does not think the ship was attacked."),
        ("en", WRECK, "The search was paid for by Torrin's museum, which borrowed a sonar from the navy."),
        ("en", PLAY, 'Ines Cole wrote "The Lamplighter", and Tobias Achebe directs it.'),
        ("en", SUCCESSION, "Amara Lindholm succeeds Paul Iger at Wessel University."),
        ("en", FEVER, "Fever was less common after the placebo than the vaccine: 4.8 versus 6.2 percent."),
        ("de", BANK, "Weitere Schritte sind laut Emil Karadag möglich."),
        ("de", PRICE, "Es ist 70 Euro teurer als sein Vorgänger."),
    ],
)  # fmt: skip
def test_what_the_source_says_in_other_words_is_accepted(
    language: str, source: str, text: str
) -> None:
    assert not is_rejected(language, source, text)


@pytest.mark.parametrize(
    ("language", "source", "text"),
    [
        ("en", WRECK, "Archaeologist Lena Vogt is convinced that the ship was attacked."),
        ("en", WRECK, "The search was paid for by Torrin's museum, which lent a sonar to the navy."),
        ("en", PLAY, 'Tobias Achebe wrote "The Lamplighter", and Ines Cole directs it.'),
        ("en", SUCCESSION, "Paul Iger succeeds Amara Lindholm as president of Wessel University."),
        ("en", SUCCESSION, "Paul Iger, who leads the university, will succeed Amara Lindholm."),
        ("de", BANK, "Weitere Schritte hält Emil Karadag, der Chef der Notenbank, für unmöglich."),
        ("de", PRICE, "Mit fünfhundertneunundsiebzig Euro ist es 70 Euro billiger als sein Vorgänger."),
        ("de", "Geiger Karin Blom spielt.", "Geigerin ist Karin Berg."),
    ],
)  # fmt: skip
def test_what_the_source_contradicts_is_rejected(language: str, source: str, text: str) -> None:
    assert is_rejected(language, source, text)


def test_a_sign_belongs_to_the_words_of_a_sentence() -> None:
    source = "El PIB varió un -0,5 % en mayo. Hoy se publicó."

    assert is_verbatim("El PIB varió un -0,5 % en mayo.", [source])
    assert not is_verbatim("El PIB varió un +0,5 % en mayo.", [source])
    assert not is_verbatim("El PIB varió un 0,5 % en mayo.", [source])


@pytest.mark.parametrize(
    ("language", "name", "form"),
    [
        ("pl", "warszawa", "warszawie"),
        ("pl", "tusk", "tuskiem"),
        ("cs", "praha", "praze"),
        ("cs", "pavel", "pavlem"),
        ("ru", "смирнова", "смирновой"),
        ("uk", "львів", "львові"),
        ("fi", "mäkinen", "mäkisen"),
        ("fi", "helsinki", "helsingissä"),
        ("hu", "anna", "annának"),
        ("tr", "ankara", "ankara'da"),
        ("en", "zelensky", "zelenskyy"),
    ],
)
def test_a_name_has_the_endings_of_its_language(language: str, name: str, form: str) -> None:
    assert is_declined(name, form, language)
    assert is_declined(form, name, language)


@pytest.mark.parametrize(
    ("language", "name", "other"),
    [
        ("pl", "nowak", "nowicki"),
        ("cs", "pavel", "petrem"),
        ("fi", "mäki", "mäkisen"),
        ("hu", "anna", "évának"),
    ],
)
def test_another_name_is_no_form_of_a_name(language: str, name: str, other: str) -> None:
    assert not is_declined(name, other, language)


@pytest.mark.parametrize(
    ("language", "text", "month"),
    [("ru", "в мае", 5), ("pl", "w marcu", 3), ("cs", "v březnu", 3), ("uk", "у травні", 5)],
)
def test_months_are_inflected(language: str, text: str, month: int) -> None:
    assert [date for _, date in find_dates(tokenize(text), language)] == [f"month-{month}"]

"""Numbers in words: how they are read, and that this takes little time in every language."""

import time
from decimal import Decimal

import pytest
from audiobrew.lang.language import language_codes
from audiobrew.lang.number_spelling import spell_cardinals
from audiobrew.script.gate.claims import claims_in, evidence_in
from audiobrew.script.gate.figure_context import find_swapped_figure

SENTENCES = {
    "en": "They counted {} visitors.",
    "de": "Man zählte {} Besucher.",
    "fr": "On a compté {} visiteurs.",
    "es": "Contaron {} visitantes.",
}
VALUES = (
    *range(2, 130),
    # Not 1001: in "two thousand a year", the last word is an article.
    *(341, 999, 1000, 1010, 1019, 1100, 1120, 1900, 2000, 2345, 6119, 8190, 21_000, 31_041),
    *(100_020, 109_427, 319_624, 999_999, 2_000_000, 41_200_000, 1_900_000_000),
)


@pytest.mark.parametrize("language", SENTENCES)
def test_numbers_are_read_as_they_are_spelled(language: str) -> None:
    for value in VALUES:
        for spelling in spell_cardinals(value, language):
            claims = claims_in(SENTENCES[language].format(spelling), language)
            numbers = [one.number for one in claims.amounts]

            assert numbers == [Decimal(value)], (spelling, numbers)


@pytest.mark.parametrize("language", sorted(language_codes()))
def test_numbers_in_words_take_milliseconds_in_every_language(language: str) -> None:
    values = (1, 7, 21, 100, 1000, 1001, 1900, 21_300, 10**6, 1_900_000_000, 10**12)
    words = [word for value in values for word in spell_cardinals(value, language)]
    for text in (*words, " ".join(words), " ".join(words * 5), ", ".join(words)):
        claims_in(f"{text} 3 {text}.", language)  # fills the caches
        start = time.process_time()
        claims_in(f"{text} 3 {text}.", language)

        assert time.process_time() - start < 0.05 + 0.001 * len(text)


@pytest.mark.parametrize(
    ("language", "text", "figures"),
    [
        ("en", "It cost three quarters of a million euros.", {"750000", "EUR"}),
        ("de", "Es kostete eine Dreiviertelmillion Euro.", {"750000", "EUR"}),
        ("fr", "Cela a coûté un demi-million d'euros.", {"500000", "EUR"}),
        ("es", "Costó medio millón de euros.", {"500000", "EUR"}),
        ("en", "They sold half a dozen, then two dozen.", {"6", "24"}),
        ("fr", "Une trentaine de maires ont signé.", {"30"}),
        ("es", "Firmó un centenar de alcaldes.", {"100"}),
        ("en", "Absences fell by a fifth.", {"20%"}),
        ("de", "Jeder fünfte Wähler schwankt.", {"20%"}),
        ("en", "One rider in three was held up.", {"33.3%"}),
        ("es", "Una de cada cinco mujeres fuma.", {"20%"}),
        ("de", "Der Kurs ist neunmonatig, das Gespräch zweistündig.", {"9", "2"}),
        ("fr", "Au quarante et unième coup, il a perdu.", {"41"}),
        ("es", "La libra vale un euro con diecisiete.", {"1.17", "EUR"}),
        ("de", "Der Euro kostet einen Dollar und neun Cent.", {"1.09", "USD", "EUR"}),
        ("en", "One million, two hundred thousand people came.", {"1.2e6"}),
        ("en", "Two people came in five minutes.", {"2", "5"}),
    ],
)
def test_parts_collectives_and_compounds_are_numbers(
    language: str, text: str, figures: set[str]
) -> None:
    assert set(map(str, claims_in(text, language).figures)) == figures


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("en", "She died on the twenty-eighth of January.", "month-1-28"),
        ("de", "Sie starb am achtundzwanzigsten Januar.", "month-1-28"),
        ("fr", "Elle est morte le vingt-huit janvier.", "month-1-28"),
        ("es", "Murió el treinta y uno de enero.", "month-1-31"),
    ],
)
def test_a_day_of_several_words_is_read_as_one(language: str, text: str, day: str) -> None:
    assert day in {date for _, date in claims_in(text, language).dates}


@pytest.mark.parametrize(
    ("source", "claim", "is_missing"),
    [
        ("It drew 230,000 people.", "A couple of hundred thousand people came.", False),
        ("It drew 23,000 people.", "A couple of hundred thousand people came.", True),
        ("It drew 31 people.", "It drew about two dozen people.", True),
        ("It drew 23 people.", "It drew two dozen people.", False),
    ],
)
def test_vague_numbers_have_limits(source: str, claim: str, *, is_missing: bool) -> None:
    evidence = evidence_in([(source, "en")])

    assert bool(evidence.missing_figures(claims_in(claim, "en"))) is is_missing


@pytest.mark.parametrize(
    ("language", "source", "claim", "names"),
    [
        ("de", "Die UN könnten Beobachter schicken.", "Die Vereinten Nationen zögern.", set()),
        ("fr", "L'Union européenne va agir.", "C'est ce que dit l'UE.", set()),
        ("es", "EE. UU. lo rechaza.", "Así lo dicen los Estados Unidos.", set()),
        ("fr", "La coureuse slovène a gagné.", "Elle est de Slovénie.", set()),
        ("fr", "La coureuse slovaque a gagné.", "Elle est de Slovénie.", {"slovénie"}),
        ("en", "An Australian won.", "The winner is from Austria.", {"austria"}),
        ("en", "The UN met.", "It was the EU that met.", {"eu"}),
    ],
)
def test_names_of_institutions_and_countries_have_other_forms(
    language: str, source: str, claim: str, names: set[str]
) -> None:
    evidence = evidence_in([(source, language)])

    missing = evidence.missing_names(claims_in(claim, language), translated=False)
    assert {name.casefold() for name in missing} == names


ROWS = (
    "RTX 5080: 1440p 142 fps, 4K 88 fps, Power 310 W",
    "Quill 2.2: Inserts/s 141,500, Reads/s 418,300, p99 2.9 ms",
    "Heron-8B: Params 8B, MMLU 66.1, HumanEval 61.0, Latency (ms) 198",
    "node 22: 48.2k req/s, 1.9 ms",
)


@pytest.mark.parametrize(
    ("row", "claim", "is_true"),
    [
        (0, "The RTX 5080 reaches 142 frames per second at 1440p.", True),
        (0, "In 4K, the RTX 5080 runs at 88 frames a second.", True),
        (0, "The RTX 5080 reaches 144 frames per second at 1440p.", False),
        (0, "The RTX 5080 is the second card at 1440p.", False),
        (1, "Quill 2.2 manages 141,500 inserts per second.", True),
        (1, "Quill 2.2 manages 142,500 inserts per second.", False),
        (2, "On HumanEval, Heron-8B reaches 61.", True),
        (2, "Heron-8B: Latency (ms) 198.", True),
        (2, "On HumanEval, Heron-9B reaches 61.", False),
        (3, "Node 22 serves 48,200 requests per second.", True),
    ],
)
def test_rows_of_benchmarks_are_told(row: int, claim: str, *, is_true: bool) -> None:
    evidence = evidence_in([(ROWS[row], "en")])
    missing = evidence.missing_figures(claims_in(claim, "en"))

    swapped = find_swapped_figure(claim, [ROWS[row]], "en")
    assert (not missing and swapped is None) is is_true

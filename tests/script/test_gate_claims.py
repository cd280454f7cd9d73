"""Figures are found in every notation, and quotations in every kind of marks."""

import pytest
from audiobrew.lang.language import language_codes
from audiobrew.lang.number_spelling import spell_cardinals
from audiobrew.script.gate.claims import claims_in, evidence_in


@pytest.mark.parametrize(
    ("language", "text", "figures"),
    [
        ("en", "It cost 412 million euros.", {"412e6", "EUR"}),
        ("en", "It cost €412,000,000.", {"412e6", "EUR"}),
        ("en", "It cost 0.4 billion.", {"400e6"}),
        ("en", "It cost three hundred million pounds.", {"300e6", "GBP"}),
        ("en", "Some 50k of 50,000 came.", {"50000"}),
        ("en", "Growth was fifteen percent.", {"15%"}),
        ("en", "It pays 5 per share and 5 per cent.", {"5", "5%"}),
        ("en", "Twenty-five of thirty came once, due to rain.", {"25", "30"}),
        ("en", "It costs $3.50, or $3.5.", {"3.5", "USD"}),
        ("en", "Version 1.2.3 of 2026-11-23.", {"1.2.3", "2026", "11", "23"}),
        ("de", "Es kostet 3,5 Milliarden Euro.", {"3.5e9", "EUR"}),
        ("de", "Das sind eine Billion, nein: 2 Billionen.", {"1e12", "2e12"}),
        ("de", "Fünfundzwanzig Züge, sei es auch nur einmal.", {"25"}),
        ("de", "Rund 2 Billion Dollar.", {"2e12", "USD"}),
        ("en", "Some 2 billion dollars.", {"2e9", "USD"}),
        ("es", "Cuesta 3 mil millones de euros.", {"3e9", "EUR"}),
        ("es", "Son once, el 5 por ciento; treinta y cinco por la tarde.", {"11", "5%", "35"}),
        ("it", "Sono ventitré o ventuno, 3 miliardi.", {"23", "21", "3e9"}),
        ("fr", "Quinze pour cent, soit 2 milliards pour la ville.", {"15%", "2e9"}),
        ("nl", "Vijfentwintig procent van 1 biljoen.", {"25%", "1e12"}),
        ("sv", "Det kostar 412 miljoner euro.", {"412e6", "EUR"}),
        ("pl", "Kosztuje 412 milionów euro.", {"412e6", "EUR"}),
        ("ru", "Это стоит 412 миллионов евро.", {"412e6", "EUR"}),
        ("ja", "料金は１２％です。", {"12%"}),
        ("ar", "٣ قطارات", {"3"}),
    ],
)
def test_notations_of_a_figure_are_equal(language: str, text: str, figures: set[str]) -> None:
    assert claims_in(text, language).figures == figures
    assert evidence_in([(text, language)]).figures == figures


@pytest.mark.parametrize(
    ("text", "quotations"),
    [
        ("She said “it was closer”.", {"it was closer"}),
        ("She said ‘it wasn’t closer’, twice.", {"it wasn't closer"}),
        ("Er sagte ‚das war knapp‘ dazu.", {"das war knapp"}),
        ("The council’s plan and the cities’ hopes.", set()),
        ("市長は「大変だった」と言った。", {"大変だった"}),
        ("Il a dit « trop cher » hier.", {"trop cher"}),
    ],
)
def test_quotations_are_found_in_any_marks(text: str, quotations: set[str]) -> None:
    assert claims_in(text, "en").quoted_texts == quotations


@pytest.mark.parametrize(
    ("language", "source", "sentence", "missing"),
    [
        ("en", "Go to the harbour and see it.", "Go to the harbour.", set()),
        ("en", "The harbour was closed a year ago.", "Go to the harbour.", {"go to"}),
        ("en", "A border runs through the harbour.", "Order the harbour.", {"order"}),
        ("de", "Besuchen Sie den Hafen.", "Besuchen Sie den Hafen.", set()),
        ("de", "Viele Leute besuchen den Hafen.", "Besuchen Sie den Hafen.", {"besuchen sie"}),
        ("fr", "Abonnez-vous au port.", "Abonnez-vous au port.", set()),
    ],
)
def test_a_call_to_action_must_be_in_the_source_as_whole_words(
    language: str, source: str, sentence: str, missing: set[str]
) -> None:
    claims = claims_in(sentence, language)

    assert claims.calls_to_action
    assert evidence_in([(source, language)]).missing_calls_to_action(claims) == missing


@pytest.mark.parametrize(
    ("language", "text", "figure"),
    [
        ("en", "The index rose by one point four percent.", "1.4%"),
        ("en", "The budget is two point three million.", "2.3e6"),
        ("de", "Die Teuerung lag bei null Komma zwei Prozent.", "0.2%"),
        ("de", "Der Umsatz betrug eins Komma zwei Milliarden.", "1.2e9"),
        ("fr", "La Bourse a perdu un virgule deux pour cent.", "1.2%"),
        ("fr", "Le taux est de deux virgule vingt-cinq.", "2.25"),
        ("es", "La Bolsa ganó un uno coma seis por ciento.", "1.6%"),
        ("it", "Il tasso è del tre virgola otto per cento.", "3.8%"),
    ],
)
def test_decimals_in_words_are_one_figure(language: str, text: str, figure: str) -> None:
    assert set(map(str, claims_in(text, language).figures)) == {figure}


def test_a_point_that_is_no_decimal_point_separates_figures() -> None:
    assert "1.2" not in set(map(str, claims_in("They won one point in two games.", "en").figures))


@pytest.mark.parametrize("language", sorted(language_codes()))
def test_the_word_for_a_thousand_is_read_in_every_language(language: str) -> None:
    for spelling in spell_cardinals(1000, language):
        claims_in(f"{spelling} 3 {spelling}.", language)

"""Names and figures that are missing in what a recognizer heard are found, however it spells the others."""

import pytest
from audiobrew.audio.hearing.clarity import find_unclear

TEXTS = {
    "en": "On Monday Angela Nguyen sold 61,500 shares of OpenAI to Douglas Whitaker in Warsaw.",
    "de": "Am Montag verkaufte Heinrich Lübke in Nürnberg 61.500 Aktien der BMW an Sabine Ohlmeyer.",
    "fr": "Lundi, Marie Lefèvre a vendu 61 500 actions de la SNCF à Douarnenez.",
    "es": "El lunes Remedios Larra vendió 61.500 acciones de Telefónica en Guadalajara.",
    "it": "Lunedì Giovanni Bianchi ha venduto 61.500 azioni della Ferrari a Bologna.",
}


@pytest.mark.parametrize("language", TEXTS)
def test_what_was_heard_as_it_is_written_is_clear(language: str) -> None:
    assert find_unclear([TEXTS[language]], TEXTS[language], language) == ((),)
    assert find_unclear([TEXTS[language]], TEXTS[language].lower(), language) == ((),)


@pytest.mark.parametrize(
    ("sentence", "heard", "language"),
    [
        ("The team of Sarah Jensen won.", "the team of Sara Yensen won", "en"),
        ("Stephen Meier came to Lodz.", "Steven Mayer came to Lodz", "en"),
        ("He works at OpenAI now.", "he works at Open AI now", "en"),
        ("The WHO said so on Monday.", "The W.H.O. said so on Monday.", "en"),
        ("Swantje Voß sammelt für Minden.", "Svantje Foss sammelt für Minden.", "de"),
        ("Les bateaux de Douarnenez sont rentrés.", "Les bateaux de Douarnené sont rentrés.", "fr"),
        ("La conocida Remedios Larra lo cuenta.", "La conocida remedios Lara lo cuenta.", "es"),
    ],
)
def test_another_spelling_of_the_same_sound_is_clear(
    sentence: str, heard: str, language: str
) -> None:
    assert find_unclear([sentence], heard, language) == ((),)


@pytest.mark.parametrize(
    ("sentence", "heard", "language", "unclear"),
    [
        ("The team of Sarah Jensen won.", "the team of Sarah Collins won", "en", "Jensen"),
        (
            "It opened in Pocatello in May.",
            "it opened in book and toe low in May",
            "en",
            "Pocatello",
        ),
        ("Die Zahlen von BMW sind gut.", "die Zahlen von Bären sind gut", "de", "BMW"),
        ("Il vit à Brest depuis mai.", "il vit à Marseille depuis mai", "fr", "Brest"),
        ("Viven 214 vecinos en el pueblo.", "viven 240 vecinos en el pueblo", "es", "214"),
        ("It rose by fifteen percent.", "it rose by fifty percent", "en", "fifteen"),
        ("It rose by 3.5 percent.", "it rose by 35 percent", "en", "3.5"),
        ("Er kam 1987 nach Köln.", "er kam 987 nach Köln", "de", "1987"),
    ],
)
def test_another_name_or_figure_is_unclear(
    sentence: str, heard: str, language: str, unclear: str
) -> None:
    assert find_unclear([sentence], heard, language) == ((unclear,),)


@pytest.mark.parametrize(
    ("sentence", "heard", "language"),
    [
        ("Es kostet 61.500 Euro im Jahr.", "Es kostet 61.5 00 Euro im Jahr.", "de"),
        ("It costs 2,400 dollars a year.", "It costs $2400 a year.", "en"),
        ("It costs 2,400 dollars a year.", "it costs twenty-four hundred dollars a year", "en"),
        ("About twelve percent of them left.", "About 12% of them left.", "en"),
        ("Treinta y dos vecinos votaron ayer.", "32 vecinos votaron ayer.", "es"),
        ("It made 4.1 billion dollars.", "It made 4.1 billion dollars.", "en"),
    ],
)
def test_another_notation_of_the_same_figure_is_clear(
    sentence: str, heard: str, language: str
) -> None:
    assert find_unclear([sentence], heard, language) == ((),)


def test_each_sentence_has_its_own_words() -> None:
    sentences = [
        "The mayor of Duluth spoke first on that day.",
        "Nobody answered for a while.",
        "Then Wendell Croft asked for 400 chairs.",
    ]
    heard = (
        "The mayor of the loot spoke first on that day. Nobody answered for a while. Then Wendell Croft asked"
        " for 40 chairs."
    )

    assert find_unclear(sentences, heard, "en") == (("Duluth",), (), ("400",))


def test_a_name_counts_where_it_is_said() -> None:
    between = "The rest of this is about the weather of the week and about nothing else at all."
    sentences = ["Mister Croft answered the question.", between, between, between]
    heard = f"Mister Brown answered the question. {between} {between} {between} Croft."

    assert find_unclear(sentences, heard, "en")[0] == ("Croft",)


@pytest.mark.parametrize("heard", ["", "...", "Thank you.", "x" * 10_000, "ドラマ " * 50])
def test_if_most_of_it_was_not_understood_nothing_is_said_of_names(heard: str) -> None:
    assert find_unclear(["Angela Nguyen sold 61,500 shares."], heard, "en") == ()


def test_a_sentence_without_names_and_figures_is_clear() -> None:
    assert find_unclear(["It is so.", "…"], "it is so", "en") == ((), ())

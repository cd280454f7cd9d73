"""A short form that is cut off in the middle of a word ends as no word of its language does."""

import pytest
from audiobrew.lang.word_shapes import is_word_shape, language_of_words


@pytest.mark.parametrize(
    ("language", "words", "short_forms"),
    [
        ("en", "bag job lamp mill sold eggs if firm girl storm index", "adj avg loc viz vgn"),
        ("de", "bahn herbst oft kalt ob stolz", "vsl bhf vgl"),
        ("fr", "parc banc lent lundi chef un film froid", "env coll hab oct arr"),
        ("es", "pan sol paz mes verdad un voz reloj", "pág núm esq aprox"),
        ("it", "non per con il in sole sport club", "geom cons prov ass rag"),
        ("nl", "brug markt kerk huis een storm groep", "vlgs jhr"),
        ("pt", "bom mar sol paz lugar um país", "pág aprox"),
        # Of these languages we know too few words, or words have no vowels.
        ("da", "torsk fisk", ""),
        ("cs", "krk vlk prst", ""),
    ],
)
def test_short_forms_differ_from_words(language: str, words: str, short_forms: str) -> None:
    lower = words.casefold().split()

    assert [word for word in lower if not is_word_shape(word, language)] == []
    assert [word for word in short_forms.split() if is_word_shape(word, language)] == []


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The mill and the bakery of the town are open on Monday.", "en"),
        ("Die Mühle und die Bäckerei sind am Montag auf.", "de"),
        ("Il mulino e il forno sono chiusi per la festa.", "it"),
        ("Holm, Marsh, Venn", ""),
        ("", ""),
    ],
)
def test_the_language_of_words_is_that_of_their_function_words(text: str, language: str) -> None:
    assert language_of_words(text) == language

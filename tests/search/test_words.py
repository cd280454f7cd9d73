from unicodedata import normalize

import pytest
from audiobrew.search.words import MAX_WORD, find_words, folded_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Café Ångström", "cafe angstrom"),
        ("İstanbul ISTANBUL ırmak", "istanbul istanbul irmak"),
        ("Straße, Œuvre, Łódź, Đorđe", "strasse oeuvre lodz dorde"),
        ("Καφές ΚΑΦΕΣ", "καφεσ καφεσ"),
        ("Ёлка йод", "елка иод"),
        ("שָׁלוֹם", "שלום"),
        ("قهوةٌ أحمد", "قهوة احمد"),
        ("कॉफ़ी हिन्दी", "कॉफ़ी हिन्दी"),
        ("北京大学", "北 京 大 学"),
        ("iPhone手機", "iphone 手 機"),
        ("コーヒー", "コ ー ヒ ー"),
        ("한국은", "한 국 은"),
        ("กาแฟดี", "ก า แ ฟ ดี"),
        ("12.5 % of U.S. o'reilly", "12 5 of u s o reilly"),
        ("٢٠٢٦", "2026"),
        ("☕ 👩‍👩‍👧 -- ''", ""),
    ],
)
def test_words_are_folded(text: str, words: str) -> None:
    assert folded_words(text, 100) == normalize("NFC", words)


def test_composed_and_decomposed_text_has_the_same_words() -> None:
    for text in ("Café", "한국", "ガス", "Ångström"):
        assert folded_words(normalize("NFD", text), 9) == folded_words(text, 9)


def test_a_word_knows_its_place() -> None:
    text = "«Café», 北京!"

    assert [text[word.start : word.end] for word in find_words(text)] == ["Café", "北", "京"]


def test_a_long_text_and_a_long_word_are_cut() -> None:
    assert folded_words("a b c d", 2) == "a b"
    assert folded_words("ä" * 1000, 2) == "a" * MAX_WORD

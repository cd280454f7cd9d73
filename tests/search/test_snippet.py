import pytest
from audiobrew.search.query import parse_query
from audiobrew.search.snippet import MAX_CHARACTERS, count_terms, mark

LONG = "The harbour waits for its ships. " * 20


def marked(text: str, query: str) -> str:
    """The text with its matches in brackets."""
    parts = mark(text, parse_query(query))
    return "".join(f"[{part.text}]" if part.is_match else part.text for part in parts)


@pytest.mark.parametrize(
    ("text", "query", "result"),
    [
        ("The café in Huila", "cafe hui", "The [café] in [Huila]"),
        ("Cafeteria, café", '"cafe"', "Cafeteria, [café]"),
        ("salt in the north, in salt", '"in salt"', "salt in the north, [in] [salt]"),
        ("北京大学很好", "大学", "北京[大学]很好"),
        ("한국은 좋다", "한국", "[한국]은 좋다"),
        ("<b>salt</b> & pepper", "b", "<[b]>salt</[b]> & pepper"),
        ("Nothing here", "salt", "Nothing here"),
        ("", "salt", ""),
    ],
)
def test_matching_words_are_marked(text: str, query: str, result: str) -> None:
    assert marked(text, query) == result


def test_a_long_text_is_shortened_around_its_first_match() -> None:
    result = marked(LONG + "The bridge is closed. " + LONG, "bridge")

    assert "The [bridge] is closed." in result
    assert result.startswith("… ") and result.endswith(" …")
    assert len(result) < MAX_CHARACTERS + 10


def test_a_match_without_spaces_around_it_is_in_the_extract() -> None:
    assert "[大学]" in marked("北" * 500 + "大学" + "京" * 500, "大学")


def test_the_start_of_a_long_text_without_a_match_is_shown() -> None:
    result = marked(LONG, "bridge")

    assert result.startswith("The harbour") and result.endswith(" …")


def test_terms_are_counted_once() -> None:
    assert count_terms("Salt, salt and a salt mine", parse_query("salt mine coal")) == 2

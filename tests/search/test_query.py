import pytest
from audiobrew.search.query import MAX_TERMS, Term, fts5_query, parse_query, postgres_query


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Salt north", [Term(("salt",)), Term(("north",), is_prefix=True)]),
        ('"salt in" nor', [Term(("salt", "in")), Term(("nor",), is_prefix=True)]),
        ('nor "salt in"', [Term(("nor",)), Term(("salt", "in"))]),
        ('"salt in', [Term(("salt", "in"), is_prefix=True)]),
        ("„Salz im“ Nor", [Term(("salz", "im")), Term(("nor",), is_prefix=True)]),
        ("l'eau", [Term(("l", "eau"), is_prefix=True)]),
        ("salt -- !", [Term(("salt",), is_prefix=True)]),
        ("salt salt salt pepper", [Term(("salt",)), Term(("pepper",), is_prefix=True)]),
        ("北京", [Term(("北", "京"), is_prefix=True)]),
        ("", []),
        ('"" -- \\ % * ( ) : ^ \'', []),
    ],
)
def test_words_and_phrases(text: str, terms: list[Term]) -> None:
    assert parse_query(text) == tuple(terms)


def test_a_query_has_few_terms() -> None:
    assert len(parse_query(" ".join(f"word{number}" for number in range(100)))) == MAX_TERMS


def test_operators_of_the_databases_are_words() -> None:
    terms = parse_query("a AND b OR NEAR(c) title:d & !e")

    assert fts5_query(terms) == (
        '"a" AND "and" AND "b" AND "or" AND "near c" AND "title d" AND "e"*'
    )
    assert postgres_query(terms) == (
        "('a') & ('and') & ('b') & ('or') & ('near' <-> 'c') & ('title' <-> 'd') & ('e':*)"
    )

"""Every regular expression of the package takes time that grows with its text and not faster."""

import ast
import re
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

from tests.pattern_growth import Row, shape, superlinear
from tests.pattern_record import collect, find_superlinear
from tests.patterns import ALL, Uses, read

# These tests measure CPU time, of which they get only a small share on a busy machine.
pytestmark = pytest.mark.timeout(900)
SUPERLINEAR = [
    r"(a+)+$", r"(\w+\s?)*$", r"^(.*?,){11}P", r"(?:a?){40}a{40}", r"\s*x\s*\s*$",
    r"(?>a+)b|c", r"[^,]*,", r"[a-z]+@", r"\s+$", r"\d+x", r"a.*b.*c", r"<a[^>]*>", r"\s*\[\d\]",
    r"\[([^\]]*)\]\(", r"(\*\*)(?=\S)(.+?)(?<=\S)\1", r"(?i:by)\s+(?:[A-Z][\w.]*(?:\s|and|e)*){1,6}!",
    r"(?<!\w)\w+(?=.*end)",
    r"<meta[^>]+charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", r"</?\w+(?:[^>\"']|\"[^\"]*\"|'[^']*')*>",
    r"[.!?]\W*$", r"([a-z]{3,})is(e|ed)$", r"\w(?!.*x)", r"^\W+|[\s:]+$",
]  # fmt: skip
"""Exponential, polynomial and quadratic; among them are some that the package once had."""
LINEAR = [
    r"a+b?", r"(?<!a)a++b", r"[a-z]{1,200}@", r"(?<!\s)\s*+x", r"^a*b", r"(?:x|^)\s*+y?+\s*+$", r"\S+",
    r"\b(?:one|two|three)\b", r"(?<![\w.+-])[\w.+-]++@[\w-]++", r"https?://\S+", r"(?:ab)*+c?",
]  # fmt: skip
ESCAPING = [
    "from re import compile\n",
    "import re as r\n",
    "import regex\n",
    "import audiobrew.mail.cuts.phrases\n",
    "import re\nfind = re.search\n",
    "import re\nall = [*map(re.compile, ['a'])]\n",
    "import re\nfind = getattr(re, 'search')\n",
    "import re\ndef f(word):\n    return re.compile(word)\n",
    "import re\ndef f(text):\n    return re.search('a', text, flags=re.IGNORECASE)\n",
    "import re\nfind = re.compile(*['a+'])\n",
    "config = ConfigDict(regex_engine='python-re')\n",
]


@pytest.fixture(scope="module")
def collection() -> tuple[dict[str, Row], list[str]]:
    return collect()


def test_every_pattern_is_collected(collection: tuple[dict[str, Row], list[str]]) -> None:
    patterns, missing = collection

    assert missing == []
    assert len(patterns) > 250


def test_every_pattern_is_linear(collection: tuple[dict[str, Row], list[str]]) -> None:
    patterns, _ = collection

    assert find_superlinear(patterns) == {}


def test_no_pattern_repeats_a_group_with_an_assertion_possessively(
    collection: tuple[dict[str, Row], list[str]],
) -> None:
    """Python before 3.11.5, which Debian 12 has, never ends to match such a pattern."""
    patterns, _ = collection

    assert repeats_assertion(r"a(?:b|(?<=b)-(?=b))*+")
    assert not repeats_assertion(r"a(?:b|(?<=b)-(?=b))*(?:ab)*+c++")
    assert [
        place for place, row in patterns.items() if not row[1] and repeats_assertion(row[0], row[2])
    ] == []


def test_a_pattern_that_is_not_in_the_record_is_attacked() -> None:
    new: Row = (r"a*a*a*b2026", False, re.compile("").flags, ["findall"])

    assert list(find_superlinear({"here": new})) == ["here"]


def test_patterns_that_differ_in_words_only_are_attacked_once() -> None:
    def shape_of(pattern: str) -> object:
        return shape((pattern, False, re.IGNORECASE, ["findall"]))

    assert shape_of(r"\bread (?:more|on)\s+\w+") == shape_of(r"\bmehr (?:lesen|hier|dazu)\s+\w+")
    assert shape_of(r"read\s+") != shape_of(r"read\s*")
    assert shape_of(r"read\s+\d") != shape_of(r"read\s+more")
    assert shape_of(r"read\s+,") != shape_of(r"read\s+ ")
    assert shape_of(r"a+b") != shape_of(r"a+a")
    assert shape_of(r"x(?!\w+)") != shape_of(r"x(?=\w+)")
    assert shape_of(r"x(?=\w+)") != shape_of(r"x(?<=\w)+")


def test_superlinear_patterns_are_noticed_and_linear_ones_are_not() -> None:
    patterns = [*SUPERLINEAR, *LINEAR]
    slow = superlinear(
        [
            (pattern, False, re.compile(pattern).flags, ["findall", "fullmatch"])
            for pattern in patterns
        ]
    )

    assert [pattern for number, pattern in enumerate(patterns) if number in slow] == SUPERLINEAR


def test_what_is_only_matched_is_not_judged_by_a_search() -> None:
    pattern = (r"\s*x", False, re.compile("").flags)

    assert superlinear([(*pattern, ["match"])]) == {}
    assert list(superlinear([(*pattern, ["findall"])])) == [0]


@pytest.mark.parametrize("source", ESCAPING)
def test_a_pattern_that_cannot_be_collected_is_missing(source: str) -> None:
    _, missing = read("module.py", ast.parse(source), set())

    assert missing


def test_a_function_that_assembles_patterns_has_to_be_listed() -> None:
    tree = ast.parse("import re\ndef f(word):\n    return re.compile(word)\n")
    _, missing = read("module.py", tree, {("module.py", (3, 11))})

    assert missing == ["module.py:3: f assembles patterns; list it in ASSEMBLIES"]


def test_how_a_pattern_is_used_is_followed_through_imports() -> None:
    phrases = "import re\nONE = re.compile('a')\nTWO = re.compile('b')\nTHREE = re.compile('c')\n"
    user = (
        "from audiobrew.mail.cuts import phrases as words\n"
        "from audiobrew.mail.cuts.phrases import ONE, THREE as LAST\n"
        "ONE.match('x')\nwords.TWO.match('x')\nLAST.fullmatch('x')\nLAST.match('x')\n"
    )
    uses = Uses({"mail/cuts/phrases.py": ast.parse(phrases), "mail/user.py": ast.parse(user)})
    spans = {"ONE": (2, 6), "TWO": (3, 6), "THREE": (4, 8)}

    assert {name: uses.of("mail/cuts/phrases.py", span) for name, span in spans.items()} == {
        "ONE": {"match"},
        "TWO": ALL,
        "THREE": {"match", "fullmatch"},
    }


def repeats_assertion(pattern: str, flags: int = 0) -> bool:
    """Whether a pattern repeats a group possessively in which something is asserted."""

    def has(node: Any, names: tuple[str, ...], *, inside: bool) -> bool:
        if isinstance(node, tuple | list | parser.SubPattern):
            operator = str(node[0]) if isinstance(node, tuple) and node else ""
            if inside and operator in names:
                return True
            is_inside = inside or operator == "POSSESSIVE_REPEAT"
            return any(has(one, names, inside=is_inside) for one in node)
        return False

    tree = parser.parse(pattern, flags & ~re.DEBUG)
    return has(tree, ("ASSERT", "ASSERT_NOT"), inside=False)

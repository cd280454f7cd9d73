"""The tables of `scripts/score_gate.py`: what the gate's rules catch, and which paraphrases they drop.

Files that end in `_apart` were written before the rules or their last change, and no rule was changed
because of them. `_speech` and `_final_apart` hold freer paraphrases, as for speech, than the others.
`_stranger` holds those of somebody who did not know the rules. They were kept apart until the rules were
changed for them. `_meaning` holds pairs of a correct and a false sentence, half of them apart. `_checks` has
figures, dates and names in other forms in fifteen languages, half of them apart. `_fresh_apart` was written
after all rules and before it was scored, in six languages. What the rules were certain to be wrong of in
it and in `_checks_apart` was repaired later. `_genres` has minutes of meetings, match reports, studies,
balance sheets and obituaries, with exchanged roles; `_derived` has figures that follow from others.
`_swaps` has exchanged roles in the order of their source, and `_swaps_free` such in other words.
"""

import importlib.util
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "score_gate.py"


@cache
def score_gate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score_gate", SCRIPT)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["score_gate"] = module
    spec.loader.exec_module(module)
    return module


# The tables of each group. Every group has bounds of its own, so that a new table does not loosen those of
# the others.
GROUPS = {
    "development": ("", "more"),
    "apart": ("apart",),
    "speech": ("speech", "final_apart"),
    "stranger": ("stranger",),
    "meaning": ("meaning",),
    "meaning_apart": ("meaning_apart",),
    "checks": ("checks",),
    "checks_apart": ("checks_apart",),
    "fresh_apart": ("fresh_apart",),
    "genres": ("genres",),
    "derived": ("derived",),
    "swaps": ("swaps", "swaps_free"),
}
MEANING = ("negation", "direction", "roles", "hedge", "invented")


@cache
def rows_of(group: str) -> list[Any]:
    return [row for row in score_gate().read_table() if row.table in GROUPS[group]]


@cache
def rejections_of(group: str) -> list[Any]:
    return [score_gate().check(row) for row in rows_of(group)]


@cache
def shares(group: str) -> dict[str, tuple[int, int]]:
    caught = [rejection is not None for rejection in rejections_of(group)]
    return score_gate().score(rows_of(group), caught)  # type: ignore[no-any-return]


@cache
def judged_shares(group: str) -> dict[str, tuple[int, int]]:
    caught = score_gate().judge(rows_of(group), rejections_of(group))
    return score_gate().score(rows_of(group), caught)  # type: ignore[no-any-return]


def test_the_tables_are_large_and_in_many_languages() -> None:
    rows = score_gate().read_table()
    kinds = Counter(row.kind for row in rows)

    assert {row.language for row in rows} >= {"en", "de", "fr", "es", "it", "nl", "pt", "pl", "tr"}
    assert len(rows) - kinds["right"] >= 600
    assert kinds["right"] >= 300
    assert sum(row.apart for row in rows if row.kind == "right") >= 150


# The aim is 99 percent in all. Most of those that are missed are figures that changed places within a block.
@pytest.mark.parametrize(
    ("group", "least"),
    [("development", 0.99), ("apart", 0.99), ("speech", 0.98), ("stranger", 0.94)]
    + [("checks", 1.0), ("checks_apart", 0.98), ("fresh_apart", 0.99)],
)
def test_changed_figures_dates_and_names_are_caught(group: str, least: float) -> None:
    counts = [shares(group)[kind] for kind in score_gate().FIGURES if kind in shares(group)]

    assert sum(caught for caught, _ in counts) >= least * sum(total for _, total in counts)


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("kind", MEANING)
def test_rules_alone_catch_changed_meanings(kind: str, group: str) -> None:
    caught, total = shares(group).get(kind, (0, 0))
    # False sentences in free words need a judge.
    lower = {
        ("hedge", "speech"): 0.5,
        ("roles", "stranger"): 0.4,
        ("negation", "meaning"): 0.5,
        ("direction", "meaning"): 0.45,
        ("roles", "meaning"): 0.3,
    }
    least = lower.get((kind, group), 0.6)

    assert caught >= least * total


# The aim is 3 percent in all.
@pytest.mark.parametrize(
    ("group", "most"),
    [("development", 0.035), ("apart", 0.05), ("speech", 0.055), ("stranger", 0.19)]
    + [("meaning", 0.23), ("meaning_apart", 0.2), ("checks", 0.15), ("checks_apart", 0.4)]
    + [("fresh_apart", 0.25), ("genres", 0.23), ("derived", 0.7), ("swaps", 0.03)],
)
def test_correct_paraphrases_are_spoken(group: str, most: float) -> None:
    dropped, total = shares(group)["right"]

    assert dropped <= most * total


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("kind", MEANING)
def test_rules_and_a_judge_catch_changed_meanings(kind: str, group: str) -> None:
    caught, total = judged_shares(group).get(kind, (0, 0))

    assert caught >= 0.9 * total


@pytest.mark.parametrize("group", GROUPS)
def test_with_a_judge_correct_paraphrases_are_spoken(group: str) -> None:
    dropped, total = judged_shares(group)["right"]

    assert dropped <= shares(group)["right"][0]
    assert dropped <= {"checks_apart": 0.05}.get(group, 0.03) * total

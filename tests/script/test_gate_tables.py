"""The tables of `scripts/score_gate.py`: what the gate's rules catch, and which paraphrases they drop.

Files that end in `_apart` were written before the rules or their last change, and no rule was changed
because of them. `_speech` and `_final_apart` hold freer paraphrases, as for speech, than the others.
`_stranger` holds those of somebody who did not know the rules. They were kept apart until the rules were
changed for them.
"""

import importlib.util
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from types import ModuleType

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


@cache
def shares(apart: bool) -> dict[str, tuple[int, int]]:
    module = score_gate()
    rows = [row for row in module.read_table() if row.apart is apart]
    return module.score(rows, [module.check(row) is not None for row in rows])  # type: ignore[no-any-return]


def test_the_tables_are_large_and_in_four_languages() -> None:
    rows = score_gate().read_table()
    kinds = Counter(row.kind for row in rows)

    assert {row.language for row in rows} == {"en", "de", "fr", "es"}
    assert len(rows) - kinds["right"] >= 600
    assert kinds["right"] >= 300
    assert sum(row.apart for row in rows if row.kind == "right") >= 150


@cache
def judged_shares(apart: bool) -> dict[str, tuple[int, int]]:
    module = score_gate()
    rows = [row for row in module.read_table() if row.apart is apart]
    caught = module.judge(rows, [module.check(row) for row in rows])
    return module.score(rows, caught)  # type: ignore[no-any-return]


# The aim is 99 percent in both. Those missed in development are figures that changed places within a block,
# most of them in `_stranger`.
@pytest.mark.parametrize(("apart", "least"), [(False, 0.97), (True, 0.99)])
def test_changed_figures_dates_and_names_are_caught(apart: bool, least: float) -> None:
    counts = [shares(apart)[kind] for kind in score_gate().FIGURES]

    assert sum(caught for caught, _ in counts) >= least * sum(total for _, total in counts)


# Of the false sentences of `_stranger`, which are in free words, rules alone catch fewer.
@pytest.mark.parametrize(("apart", "least"), [(False, 0.48), (True, 0.6)])
@pytest.mark.parametrize("kind", ["negation", "direction", "roles", "hedge", "invented"])
def test_rules_alone_catch_changed_meanings(kind: str, apart: bool, least: float) -> None:
    caught, total = shares(apart)[kind]

    assert caught >= least * total


# The aim is 3 percent in both. Of those kept apart, the rules drop 3 of the first 160 and 10 of the last 80.
@pytest.mark.parametrize(("apart", "most"), [(False, 0.09), (True, 0.055)])
def test_correct_paraphrases_are_spoken(apart: bool, most: float) -> None:
    dropped, total = shares(apart)["right"]

    assert dropped <= most * total


@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize("kind", ["negation", "direction", "roles", "hedge", "invented"])
def test_rules_and_a_judge_catch_changed_meanings(kind: str, apart: bool) -> None:
    caught, total = judged_shares(apart)[kind]

    assert caught >= 0.9 * total


@pytest.mark.parametrize("apart", [False, True])
def test_a_judge_drops_no_correct_paraphrase_that_the_rules_accept(apart: bool) -> None:
    assert judged_shares(apart)["right"] <= shares(apart)["right"]

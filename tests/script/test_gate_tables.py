"""The tables of `scripts/score_gate.py`: what the gate's rules catch, and which paraphrases they drop.

Files that end in `_apart` were written before the rules, and no rule was changed because of them.
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


@pytest.mark.parametrize("apart", [False, True])
def test_changed_figures_dates_and_names_are_caught(apart: bool) -> None:
    counts = [shares(apart)[kind] for kind in score_gate().FIGURES]

    assert sum(caught for caught, _ in counts) >= 0.98 * sum(total for _, total in counts)


@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize("kind", ["negation", "direction", "hedge", "invented"])
def test_rules_alone_catch_changed_meanings(kind: str, apart: bool) -> None:
    caught, total = shares(apart)[kind]

    assert caught >= 0.6 * total

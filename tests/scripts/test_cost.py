"""The calculator of costs: its arithmetic, its table, and its words for what it cannot use."""

import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path

import pytest

from scripts.cost import HOSTS, Load, bills, main, needs, table

SCRIPTS = Path(__file__).parents[2] / "scripts"
OWN = SCRIPTS / "hosting.toml"
TEN = Load(listeners=10, episodes=1, polls=24, requests=20, minutes=5, kept_days=90)
MILLION = Load(listeners=1_000_000, episodes=1, polls=24, requests=20, minutes=5, kept_days=90)


def test_every_price_has_its_day_and_its_page() -> None:
    _, prices = table(OWN)

    for rows in prices.values():
        for price in rows.values():
            assert price.usd > 0
            assert price.per
            assert price.source.startswith("https://")
            assert date(2026, 11, 1) <= price.seen


def test_ten_listeners_need_a_process_of_each_kind() -> None:
    measured, _ = table(OWN)
    found = needs(TEN, measured)

    assert (found.api, found.worker) == (1, 1)
    assert found.calls == pytest.approx(10 * 44 * 30.4)
    assert found.audio_gb == pytest.approx(10 * 5 * measured["audio_mb_minute"] / 1000 * 30.4)


def test_needs_grow_with_listeners() -> None:
    measured, _ = table(OWN)
    few, many = needs(TEN, measured), needs(MILLION, measured)

    assert many.api_cores == pytest.approx(few.api_cores * 100_000)
    assert many.worker > many.api >= 10 > few.api
    assert many.models_usd == pytest.approx(few.models_usd * 100_000)


def test_a_bill_with_a_price_that_is_not_sure_says_so(tmp_path: Path) -> None:
    sure = tmp_path / "sure.toml"
    sure.write_text(OWN.read_text().replace("sure = false", "sure = true"))

    assert not any(bill.sure for bill in bills(TEN, *table(OWN)).values())
    assert all(bill.sure for bill in bills(TEN, *table(sure)).values())


def test_railway_is_paid_as_used_and_its_plan_is_the_first_of_it(tmp_path: Path) -> None:
    _, prices = table(OWN)
    measured, _ = table(OWN)
    ten = bills(TEN, measured, prices)["Vercel + Railway"].usd

    assert ten == pytest.approx(20 + 25 + 20)


def test_a_price_that_is_changed_changes_the_sum(tmp_path: Path) -> None:
    dearer = tmp_path / "dearer.toml"
    dearer.write_text(OWN.read_text().replace("plan = { usd = 25.0", "plan = { usd = 35.0"))
    before, after = bills(TEN, *table(OWN)), bills(TEN, *table(dearer))

    assert {name: round(after[name].usd - before[name].usd, 6) for name in HOSTS} == dict.fromkeys(
        HOSTS, 10.0
    )


def test_it_prints_a_line_a_host(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--listeners", "1000"]) == 0
    printed = capsys.readouterr().out

    assert all(f"{name} " in printed for name in HOSTS)
    assert "to be checked: " in printed


@pytest.mark.parametrize(
    "told",
    [
        "no toml at all [",
        "[measured]\n",
        '[measured]\npoll_ms = "six"\n',
        "[measured]\npoll_ms = 6\n[railway]\nplan = { usd = 5 }\n",
    ],
)
def test_a_table_that_cannot_be_used_is_told_in_a_sentence(tmp_path: Path, told: str) -> None:
    file = tmp_path / "prices.toml"
    file.write_text(told)
    command = [sys.executable, str(SCRIPTS / "cost.py"), "--prices", str(file)]
    ended = subprocess.run(command, capture_output=True, text=True)

    assert ended.returncode == 2
    assert ended.stderr.startswith("cost: The table ")
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("typed", [["--listeners", "0"], ["--polls", "-1"]])
def test_nothing_below_zero_is_taken(typed: list[str]) -> None:
    assert main(typed) == 2


def test_the_document_tells_what_the_calculator_prints(capsys: pytest.CaptureFixture[str]) -> None:
    told = (SCRIPTS.parent / "docs" / "cost.md").read_text(encoding="utf-8")
    for listeners in ("1000", "1000000"):
        main(["--listeners", listeners])
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("Vercel")]

    assert len(lines) == 2 * len(HOSTS)
    assert [line for line in lines if line not in told] == []


def test_the_table_is_toml_with_measured_figures() -> None:
    assert tomllib.loads(OWN.read_text())["measured"]["poll_ms"] > 0

"""The cost calculator: its arithmetic, its table of prices, and its error messages."""

import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path

import pytest

from scripts.cost import HOSTS, Load, bills, compute_needs, main, table

SCRIPTS = Path(__file__).parents[2] / "scripts"
OWN = SCRIPTS / "hosting.toml"
TEN = Load(listeners=10, episodes=1, polls=24, requests=20, minutes=5, retention_days=90)
MILLION = Load(listeners=1_000_000, episodes=1, polls=24, requests=20, minutes=5, retention_days=90)


def test_every_price_has_a_date_and_a_source() -> None:
    _, prices = table(OWN)

    for rows in prices.values():
        for price in rows.values():
            assert price.usd > 0
            assert price.per
            assert price.source.startswith("https://")
            assert date(2026, 11, 1) <= price.seen


def test_ten_listeners_need_one_process_of_each_kind() -> None:
    measurements, _ = table(OWN)
    needs = compute_needs(TEN, measurements)

    assert (needs.api, needs.worker) == (1, 1)
    assert needs.calls == pytest.approx(10 * 44 * 30.4)
    assert needs.audio_gb == pytest.approx(10 * 5 * measurements["audio_mb_minute"] / 1000 * 30.4)


def test_needs_grow_with_listeners() -> None:
    measurements, _ = table(OWN)
    few, many = compute_needs(TEN, measurements), compute_needs(MILLION, measurements)

    assert many.api_cores == pytest.approx(few.api_cores * 100_000)
    assert many.worker > many.api >= 10 > few.api
    assert many.models_usd == pytest.approx(few.models_usd * 100_000)


def test_a_bill_is_sure_only_if_all_its_prices_are(tmp_path: Path) -> None:
    sure = tmp_path / "sure.toml"
    sure.write_text(OWN.read_text().replace("sure = false", "sure = true"))

    assert not any(bill.sure for bill in bills(TEN, *table(OWN)).values())
    assert all(bill.sure for bill in bills(TEN, *table(sure)).values())


def test_the_use_of_railway_is_billed_above_the_price_of_its_plan() -> None:
    measurements, prices = table(OWN)
    ten = bills(TEN, measurements, prices)["Vercel + Railway"].usd

    assert ten == pytest.approx(20 + 25 + 20)


def test_a_changed_price_changes_the_sum(tmp_path: Path) -> None:
    higher = tmp_path / "higher.toml"
    higher.write_text(OWN.read_text().replace("plan = { usd = 25.0", "plan = { usd = 35.0"))
    before, after = bills(TEN, *table(OWN)), bills(TEN, *table(higher))

    assert {name: round(after[name].usd - before[name].usd, 6) for name in HOSTS} == dict.fromkeys(
        HOSTS, 10.0
    )


def test_it_prints_a_line_for_each_host(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--listeners", "1000"]) == 0
    output = capsys.readouterr().out

    assert all(f"{name} " in output for name in HOSTS)
    assert "to be checked: " in output


@pytest.mark.parametrize(
    "content",
    [
        "no toml at all [",
        "[measured]\n",
        '[measured]\npoll_ms = "six"\n',
        "[measured]\npoll_ms = 6\n[railway]\nplan = { usd = 5 }\n",
    ],
)
def test_an_invalid_table_gets_an_error_message(tmp_path: Path, content: str) -> None:
    file = tmp_path / "prices.toml"
    file.write_text(content)
    command = [sys.executable, str(SCRIPTS / "cost.py"), "--prices", str(file)]
    result = subprocess.run(command, capture_output=True, text=True)

    assert result.returncode == 2
    assert result.stderr.startswith("cost: The table ")
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("arguments", [["--listeners", "0"], ["--polls", "-1"]])
def test_negative_numbers_are_refused(arguments: list[str]) -> None:
    assert main(arguments) == 2


def test_the_document_quotes_the_output_of_the_calculator(
    capsys: pytest.CaptureFixture[str],
) -> None:
    document = (SCRIPTS.parent / "docs" / "cost.md").read_text(encoding="utf-8")
    for listeners in ("1000", "1000000"):
        main(["--listeners", listeners])
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("Vercel")]

    assert len(lines) == 2 * len(HOSTS)
    assert [line for line in lines if line not in document] == []


def test_the_table_contains_measurements() -> None:
    assert tomllib.loads(OWN.read_text())["measured"]["poll_ms"] > 0

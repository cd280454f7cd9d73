"""`audiobrew doctor` reports the daily spending limit."""

from pathlib import Path

import pytest
from audiobrew.__main__ import main


@pytest.mark.parametrize(
    ("limit", "line"),
    [
        (None, "no limit for a listener's day: AUDIOBREW_DAILY_CAP_USD sets one"),
        ("1.5", "at most $1.5 for each listener and day (UTC)"),
    ],
)
def test_doctor_reports_the_daily_spending_limit(
    limit: str | None,
    line: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    if limit:
        monkeypatch.setenv("AUDIOBREW_DAILY_CAP_USD", limit)
    main(["doctor", "--data", str(tmp_path)])

    [spending] = [one for one in capsys.readouterr().out.splitlines() if one[:8] == "spending"]
    assert "ready" in spending
    assert line in spending

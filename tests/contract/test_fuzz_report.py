"""The report of a fuzz run is read correctly."""

import json
from pathlib import Path
from typing import Any

from tests.contract.fuzz_report import operations, read


def scenario(method: str, path: str, status: int, check: str = "success") -> dict[str, Any]:
    case = {"value": {"method": method, "path": path}}
    checks = [{"name": "not_a_server_error", "status": check}]
    answer = {"response": {"status_code": status}}
    recorder = {"cases": {"a": case}, "interactions": {"a": answer}, "checks": {"a": checks}}
    return {"ScenarioFinished": {"recorder": recorder}}


def report(folder: Path, *events: dict[str, Any]) -> Path:
    file = folder / "events.ndjson"
    lines = [json.dumps(event, separators=(",", ":")) for event in ({"Initialize": {}}, *events)]
    file.write_text("\n".join(lines))
    return file


def test_a_success_is_a_status_that_the_contract_declares(tmp_path: Path) -> None:
    run = read(
        report(
            tmp_path,
            scenario("GET", "/api/mail", 200),
            scenario("GET", "/api/gmail/callback", 303),
            scenario("GET", "/api/schedule", 404),
            scenario("GET", "/feed/cover.jpg", 304),
            scenario("DELETE", "/api/mail/{id}", 200),
        )
    )

    assert run.successful_operations() == {"listMail", "handOnConsent"}
    assert run.cases == 5


def test_failures_are_named_by_check_and_operation(tmp_path: Path) -> None:
    run = read(report(tmp_path, scenario("GET", "/api/mail", 500, "failure")))

    assert run.failures == {("not_a_server_error", "GET /api/mail")}
    assert run.checks == {"not_a_server_error": 1}


def test_a_skipped_scenario_has_no_cases(tmp_path: Path) -> None:
    skip_event = {"ScenarioFinished": {"recorder": {"label": "POST /api/mail"}}}

    assert read(report(tmp_path, skip_event)).cases == 0


def test_every_operation_of_the_contract_is_known() -> None:
    assert len(set(operations().values())) == len(operations()) > 40


def test_a_response_that_breaks_off_is_a_failure(tmp_path: Path) -> None:
    error = {"value": {"type": "ChunkedEncodingError"}, "label": "DELETE /api/mail/{id}"}

    run = read(report(tmp_path, {"NonFatalError": error}))

    assert run.failures == {("ChunkedEncodingError", "DELETE /api/mail/{id}")}

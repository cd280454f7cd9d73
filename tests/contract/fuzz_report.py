"""Reads the report of a fuzz run: which operations were called, and what they answered."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CONTRACT = Path(__file__).parents[2] / "contracts" / "openapi.json"


@dataclass
class Run:
    """`answers` counts responses by operation and status. `failures` are pairs of a check or error and an
    operation."""

    answers: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    checks: Counter[str] = field(default_factory=Counter)
    failures: set[tuple[str, str]] = field(default_factory=set)
    cases: int = 0

    def successful_operations(self) -> set[str]:
        """Operations that answered with a success that the contract declares (2xx or 3xx, but not 304)."""
        return {
            name
            for name, answers in self.answers.items()
            if any(_success(name, status) for status in answers)
        }

    def describe_operations(self) -> list[str]:
        """One line for each operation, with the statuses that it answered."""
        return [
            f"{name}: "
            + ", ".join(f"{count} × {status}" for status, count in sorted(counts.items()))
            for name, counts in sorted(self.answers.items())
        ]


def operations() -> dict[tuple[str, str], str]:
    """Operation ids by method and path."""
    paths = json.loads(CONTRACT.read_text(encoding="utf-8"))["paths"]
    return {
        (method.upper(), path): operation["operationId"]
        for path, item in paths.items()
        for method, operation in item.items()
    }


def read(report: Path) -> Run:
    """Read the NDJSON events of Schemathesis."""
    run, names = Run(), operations()
    for error in _events(report, "NonFatalError"):
        run.failures.add((error["value"]["type"], error["label"]))
    for scenario in _scenarios(report):
        run.cases += len(scenario.get("cases", ()))
        for id, interaction in scenario.get("interactions", {}).items():
            if response := interaction.get("response"):
                case = scenario["cases"][id]["value"]
                if name := names.get((case["method"], case["path"])):
                    run.answers[name][response["status_code"]] += 1
        for id, checks in scenario.get("checks", {}).items():
            _count_checks(run, scenario["cases"][id]["value"], checks)
    return run


def _count_checks(run: Run, case: dict[str, Any], checks: Iterable[dict[str, Any]]) -> None:
    for check in checks:
        run.checks[check["name"]] += 1
        if check["status"] == "failure":
            run.failures.add((check["name"], f"{case['method']} {case['path']}"))


def _scenarios(report: Path) -> Iterator[dict[str, Any]]:
    for event in _events(report, "ScenarioFinished"):
        yield event["recorder"]


def _events(report: Path, kind: str) -> Iterator[dict[str, Any]]:
    with report.open(encoding="utf-8") as lines:
        for line in lines:
            if line.startswith(f'{{"{kind}"'):
                yield json.loads(line)[kind]


def _success(name: str, status: int) -> bool:
    successes = {int(text) for text in _statuses_by_operation()[name] if text < "400"}
    return status in successes and status != 304


def _statuses_by_operation() -> dict[str, list[str]]:
    paths = json.loads(CONTRACT.read_text(encoding="utf-8"))["paths"]
    return {
        operation["operationId"]: list(operation["responses"])
        for item in paths.values()
        for operation in item.values()
    }

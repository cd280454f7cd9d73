"""What a run did, read from its own report: who was asked what, and what came back."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CONTRACT = Path(__file__).parents[2] / "contracts" / "openapi.json"


@dataclass
class Run:
    """`answers` by operation and status; `failed` by check, or trouble, and operation."""

    answers: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    checks: Counter[str] = field(default_factory=Counter)
    failed: set[tuple[str, str]] = field(default_factory=set)
    cases: int = 0

    def succeeded(self) -> set[str]:
        """2xx, or 3xx where the contract has no other success."""
        return {
            name
            for name, answers in self.answers.items()
            if any(_success(name, status) for status in answers)
        }

    def busiest(self) -> list[str]:
        """Operations with what they answered, one a line."""
        return [
            f"{name}: " + ", ".join(f"{count} × {status}" for status, count in sorted(told.items()))
            for name, told in sorted(self.answers.items())
        ]


def operations() -> dict[tuple[str, str], str]:
    """Operation ids by method and path, of the published contract."""
    paths = json.loads(CONTRACT.read_text(encoding="utf-8"))["paths"]
    return {
        (method.upper(), path): operation["operationId"]
        for path, item in paths.items()
        for method, operation in item.items()
    }


def read(report: Path) -> Run:
    """From schemathesis's NDJSON events."""
    run, named = Run(), operations()
    for error in _events(report, "NonFatalError"):
        run.failed.add((error["value"]["type"], error["label"]))
    for told in _scenarios(report):
        run.cases += len(told.get("cases", ()))
        for id, interaction in told.get("interactions", {}).items():
            if answer := interaction.get("response"):
                case = told["cases"][id]["value"]
                if name := named.get((case["method"], case["path"])):
                    run.answers[name][answer["status_code"]] += 1
        for id, checks in told.get("checks", {}).items():
            _count(run, told["cases"][id]["value"], checks)
    return run


def _count(run: Run, case: dict[str, Any], checks: Iterable[dict[str, Any]]) -> None:
    for check in checks:
        run.checks[check["name"]] += 1
        if check["status"] == "failure":
            run.failed.add((check["name"], f"{case['method']} {case['path']}"))


def _scenarios(report: Path) -> Iterator[dict[str, Any]]:
    for event in _events(report, "ScenarioFinished"):
        yield event["recorder"]


def _events(report: Path, kind: str) -> Iterator[dict[str, Any]]:
    with report.open(encoding="utf-8") as lines:
        for line in lines:
            if line.startswith(f'{{"{kind}"'):
                yield json.loads(line)[kind]


def _success(name: str, status: int) -> bool:
    declared = {int(one) for one in _declared()[name] if one < "400"}
    return status in declared and status != 304


def _declared() -> dict[str, list[str]]:
    paths = json.loads(CONTRACT.read_text(encoding="utf-8"))["paths"]
    return {
        operation["operationId"]: list(operation["responses"])
        for item in paths.values()
        for operation in item.values()
    }

"""The contract check finds mistakes and breaking changes that are added to the published contract."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contracts.check_contract import PUBLISHED, compare, lint, version

Json = dict[str, Any]
MAJOR, MINOR, PATCH = range(3)


def write_contract(
    folder: Path, *changes: Callable[[Json], object], version: str | None = None
) -> Path:
    spec = json.loads(PUBLISHED.read_text(encoding="utf-8"))
    for change in changes:
        change(spec)
    spec["info"]["version"] = version or spec["info"]["version"]
    file = folder / "openapi.json"
    file.write_text(json.dumps(spec), encoding="utf-8")
    return file


def operation(spec: Json, name: str) -> Json:
    """The operation with this id."""
    operations: list[Json] = [one for item in spec["paths"].values() for one in item.values()]
    return next(one for one in operations if one["operationId"] == name)


def rename_schema(spec: Json) -> None:
    schemas = spec["components"]["schemas"]
    schemas["health_state"] = schemas.pop("Health")
    media = operation(spec, "getHealth")["responses"]["200"]["content"]["application/json"]
    media["schema"]["$ref"] = "#/components/schemas/health_state"


def make_error_plain(spec: Json) -> None:
    plain = {"application/json": {"schema": {"type": "object"}}}
    operation(spec, "getSchedule")["responses"]["503"]["content"] = plain


def add_invalid_example(spec: Json) -> None:
    media = operation(spec, "getUser")["responses"]["200"]["content"]["application/json"]
    media["example"] = {"id": 5}


def add_camel_case_field(spec: Json) -> None:
    spec["components"]["schemas"]["Bill"]["properties"]["lostUsd"] = {"type": "number"}


# Each mistake is in another place of the contract: the rule that must find it, and where.
MISTAKES: dict[str, tuple[str, str, Callable[[Json], object]]] = {
    "an id in snake case": (
        "rule/operation-id",
        "~1api~1config/get",
        lambda spec: operation(spec, "getConfig").update(operationId="get_config"),
    ),
    "an id twice": (
        "operation-operationId-unique",
        "~1api~1feed~1tokens/get",
        lambda spec: operation(spec, "listFeedTokens").update(operationId="createSession"),
    ),
    "a path in capitals": (
        "rule/paths",
        "~1Ready",
        lambda spec: spec["paths"].update({"/Ready": spec["paths"].pop("/ready")}),
    ),
    "a field in camel case": ("rule/properties", "Bill/properties/lostUsd", add_camel_case_field),
    "a schema in snake case": ("rule/schema-names", "health_state", rename_schema),
    "nothing described": (
        "rule/described",
        "~1api~1schedule/delete",
        lambda spec: operation(spec, "deleteSchedule").pop("description"),
    ),
    "a parameter not described": (
        "parameter-description",
        "~1api~1podcast~1list/get/parameters/0",
        lambda spec: operation(spec, "listPodcasts")["parameters"][0].pop("description"),
    ),
    "two tags": (
        "rule/one-tag",
        "~1api~1gmail~1auth/get",
        lambda spec: operation(spec, "beginGmail").update(tags=["gmail", "feed"]),
    ),
    "no security": (
        "security-defined",
        "~1api~1mail/get",
        lambda spec: operation(spec, "listMail").pop("security"),
    ),
    "security, and no 401": (
        "rule/who-needs-a-token-may-lack-it",
        "~1api~1mail~1{id}/get",
        lambda spec: operation(spec, "getMail")["responses"].pop("401"),
    ),
    "an error in plain JSON": (
        "rule/errors-are-problems",
        "~1api~1schedule/get/responses/503",
        make_error_plain,
    ),
    "an error without a body": (
        "rule/errors-say-what",
        "~1api~1mail~1{id}/delete/responses/404",
        lambda spec: operation(spec, "deleteMail")["responses"]["404"].pop("content"),
    ),
    "a body, and no 413": (
        "rule/what-has-a-body-may-be-unreadable",
        "~1api~1session/post",
        lambda spec: operation(spec, "createSession")["responses"].pop("413"),
    ),
    "an example that does not fit": (
        "no-invalid-media-type-examples",
        "~1api~1user~1{user_id}/get/responses/200",
        add_invalid_example,
    ),
}


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str]]:
    changes = (change for _, _, change in MISTAKES.values())
    process = lint(write_contract(tmp_path_factory.mktemp("mistakes"), *changes), "json")
    assert process.returncode == 1
    output, _ = json.JSONDecoder().raw_decode(process.stdout, process.stdout.index("{"))
    return [(one["ruleId"], one["location"][0].get("pointer", "")) for one in output["problems"]]


@pytest.mark.parametrize("mistake", MISTAKES)
def test_lint_finds(mistake: str, findings: list[tuple[str, str]]) -> None:
    rule, place, _ = MISTAKES[mistake]

    assert [pointer for name, pointer in findings if name == rule and place in pointer]


def rename_title(spec: Json) -> None:
    podcast = spec["components"]["schemas"]["Podcast"]
    podcast["properties"]["name"] = podcast["properties"].pop("title")
    podcast["required"] = ["name" if name == "title" else name for name in podcast["required"]]


def rename_operation(spec: Json) -> None:
    operation(spec, "listMail")["operationId"] = "listMails"


def add_field(spec: Json) -> None:
    spec["components"]["schemas"]["Bill"]["properties"]["tax_usd"] = {"type": "number"}


def reword(spec: Json) -> None:
    operation(spec, "listMail")["description"] += " In other words."


def add_zone(spec: Json) -> None:
    spec["components"]["schemas"]["Zone"]["enum"].append("Moon/Tranquillity")


def raise_version(part: int) -> str:
    numbers = version(PUBLISHED).split(".")
    return ".".join([*numbers[:part], str(int(numbers[part]) + 1), *["0"] * (2 - part)])


@pytest.mark.parametrize(
    ("change", "to", "passes"),
    [
        (rename_title, None, False),
        (rename_title, MINOR, False),
        (rename_title, MAJOR, True),
        (rename_operation, MINOR, False),
        (add_field, PATCH, False),
        (add_field, MINOR, True),
        (add_zone, None, True),
        (reword, None, False),
        (reword, PATCH, True),
    ],
)
def test_a_change_passes_with_the_version_it_needs(
    change: Callable[[Json], None], to: int | None, passes: bool, tmp_path: Path
) -> None:
    contract = write_contract(tmp_path, change, version=None if to is None else raise_version(to))

    assert (compare(PUBLISHED, contract).returncode == 0) == passes


def test_a_lower_version_is_refused(tmp_path: Path) -> None:
    assert compare(PUBLISHED, write_contract(tmp_path, reword, version="0.9.9")).returncode


def add_many_fields(spec: Json) -> None:
    fields = spec["components"]["schemas"]["Bill"]["properties"]
    fields.update({f"tax_{number}_usd": {"type": "number"} for number in range(1_500)})


def test_a_report_that_is_longer_than_a_pipe_holds_is_whole(tmp_path: Path) -> None:
    contract = write_contract(tmp_path, add_many_fields, version=raise_version(MINOR))
    comparison = compare(PUBLISHED, contract)

    assert comparison.returncode == 0
    assert len(comparison.stdout) > 100_000
    assert all(f"tax_{number}_usd" in comparison.stdout for number in range(1_500))

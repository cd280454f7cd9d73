"""The gate finds what it is for: faults and changes are planted into the published contract."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contracts.check_contract import PUBLISHED, compare, lint, version

Json = dict[str, Any]
MAJOR, MINOR, PATCH = range(3)


def planted(folder: Path, *changes: Callable[[Json], object], version: str | None = None) -> Path:
    spec = json.loads(PUBLISHED.read_text(encoding="utf-8"))
    for change in changes:
        change(spec)
    spec["info"]["version"] = version or spec["info"]["version"]
    file = folder / "openapi.json"
    file.write_text(json.dumps(spec), encoding="utf-8")
    return file


def at(spec: Json, name: str) -> Json:
    """An operation, by its id."""
    found: list[Json] = [one for item in spec["paths"].values() for one in item.values()]
    return next(one for one in found if one["operationId"] == name)


def schema_renamed(spec: Json) -> None:
    schemas = spec["components"]["schemas"]
    schemas["health_state"] = schemas.pop("Health")
    media = at(spec, "getHealth")["responses"]["200"]["content"]["application/json"]
    media["schema"]["$ref"] = "#/components/schemas/health_state"


def plain_error(spec: Json) -> None:
    plain = {"application/json": {"schema": {"type": "object"}}}
    at(spec, "getSchedule")["responses"]["503"]["content"] = plain


def unfit_example(spec: Json) -> None:
    media = at(spec, "getUser")["responses"]["200"]["content"]["application/json"]
    media["example"] = {"id": 5}


def field_in_camel_case(spec: Json) -> None:
    spec["components"]["schemas"]["Bill"]["properties"]["lostUsd"] = {"type": "number"}


FAULTS: dict[str, tuple[str, str, Callable[[Json], object]]] = {
    "an id in snake case": (
        "rule/operation-id",
        "~1api~1config/get",
        lambda spec: at(spec, "getConfig").update(operationId="get_config"),
    ),
    "an id twice": (
        "operation-operationId-unique",
        "~1api~1feed~1tokens/get",
        lambda spec: at(spec, "listFeedTokens").update(operationId="createSession"),
    ),
    "a path in capitals": (
        "rule/paths",
        "~1Ready",
        lambda spec: spec["paths"].update({"/Ready": spec["paths"].pop("/ready")}),
    ),
    "a field in camel case": ("rule/properties", "Bill/properties/lostUsd", field_in_camel_case),
    "a schema in snake case": ("rule/schema-names", "health_state", schema_renamed),
    "nothing described": (
        "rule/described",
        "~1api~1schedule/delete",
        lambda spec: at(spec, "deleteSchedule").pop("description"),
    ),
    "a parameter not described": (
        "parameter-description",
        "~1api~1podcast~1list/get/parameters/0",
        lambda spec: at(spec, "listPodcasts")["parameters"][0].pop("description"),
    ),
    "two tags": (
        "rule/one-tag",
        "~1api~1gmail~1auth/get",
        lambda spec: at(spec, "beginGmail").update(tags=["gmail", "feed"]),
    ),
    "no security": (
        "security-defined",
        "~1api~1mail/get",
        lambda spec: at(spec, "listMail").pop("security"),
    ),
    "security, and no 401": (
        "rule/who-needs-a-token-may-lack-it",
        "~1api~1mail~1{id}/get",
        lambda spec: at(spec, "getMail")["responses"].pop("401"),
    ),
    "an error in plain JSON": (
        "rule/errors-are-problems",
        "~1api~1schedule/get/responses/503",
        plain_error,
    ),
    "an error without a body": (
        "rule/errors-say-what",
        "~1api~1mail~1{id}/delete/responses/404",
        lambda spec: at(spec, "deleteMail")["responses"]["404"].pop("content"),
    ),
    "a body, and no 413": (
        "rule/what-has-a-body-may-be-unreadable",
        "~1api~1session/post",
        lambda spec: at(spec, "createSession")["responses"].pop("413"),
    ),
    "an example that does not fit": (
        "no-invalid-media-type-examples",
        "~1api~1user~1{user_id}/get/responses/200",
        unfit_example,
    ),
}
"""Each at a place of its own: the rule that must find it, and where."""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str]]:
    changes = (change for _, _, change in FAULTS.values())
    linted = lint(planted(tmp_path_factory.mktemp("faults"), *changes), "json")
    assert linted.returncode == 1
    told, _ = json.JSONDecoder().raw_decode(linted.stdout, linted.stdout.index("{"))
    return [(one["ruleId"], one["location"][0].get("pointer", "")) for one in told["problems"]]


@pytest.mark.parametrize("fault", FAULTS)
def test_lint_finds(fault: str, found: list[tuple[str, str]]) -> None:
    rule, place, _ = FAULTS[fault]

    assert [where for by, where in found if by == rule and place in where]


def title_renamed(spec: Json) -> None:
    podcast = spec["components"]["schemas"]["Podcast"]
    podcast["properties"]["name"] = podcast["properties"].pop("title")
    podcast["required"] = ["name" if one == "title" else one for one in podcast["required"]]


def operation_renamed(spec: Json) -> None:
    at(spec, "listMail")["operationId"] = "listMails"


def field_added(spec: Json) -> None:
    spec["components"]["schemas"]["Bill"]["properties"]["tax_usd"] = {"type": "number"}


def reworded(spec: Json) -> None:
    at(spec, "listMail")["description"] += " In other words."


def zone_added(spec: Json) -> None:
    spec["components"]["schemas"]["Zone"]["enum"].append("Moon/Tranquillity")


def raised(part: int) -> str:
    numbers = version(PUBLISHED).split(".")
    return ".".join([*numbers[:part], str(int(numbers[part]) + 1), *["0"] * (2 - part)])


@pytest.mark.parametrize(
    ("change", "to", "passes"),
    [
        (title_renamed, None, False),
        (title_renamed, MINOR, False),
        (title_renamed, MAJOR, True),
        (operation_renamed, MINOR, False),
        (field_added, PATCH, False),
        (field_added, MINOR, True),
        (zone_added, None, True),
        (reworded, None, False),
        (reworded, PATCH, True),
    ],
)
def test_a_change_passes_with_the_version_it_needs(
    change: Callable[[Json], None], to: int | None, passes: bool, tmp_path: Path
) -> None:
    contract = planted(tmp_path, change, version=None if to is None else raised(to))

    assert (compare(PUBLISHED, contract).returncode == 0) == passes


def test_a_version_never_goes_back(tmp_path: Path) -> None:
    assert compare(PUBLISHED, planted(tmp_path, reworded, version="0.9.9")).returncode

"""The published document: the same each time, complete, and kept by the running service."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from audiobrew.app import contract_json
from audiobrew.http.openapi.examples import BY_NAME, BY_OWNER
from audiobrew.http.openapi.introduction import TAGS
from jsonschema import Draft202012Validator

SPEC: dict[str, Any] = json.loads(contract_json())
OPERATIONS = [
    pytest.param(method, path, operation, id=operation["operationId"])
    for path, item in SPEC["paths"].items()
    for method, operation in item.items()
]
each_operation = pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)


def nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    for child in (
        node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    ):
        yield from nodes(child)


def test_the_document_is_the_same_in_every_process() -> None:
    made = {
        subprocess.run(
            [sys.executable, "-m", "audiobrew", "contract"],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert made == {contract_json().encode()}


def test_the_running_service_publishes_it(nobody: httpx2.Client) -> None:
    assert nobody.get("/openapi.json").json() == SPEC


def test_it_is_openapi_3_1() -> None:
    assert SPEC["openapi"].startswith("3.1")
    assert not [node for node in nodes(SPEC) if "itemSchema" in node]


def test_every_reference_resolves_and_every_schema_is_used() -> None:
    known = set(SPEC["components"]["schemas"])
    used = {node["$ref"].rsplit("/", 1)[1] for node in nodes(SPEC) if "$ref" in node}

    assert used == known
    assert not [name for name in known if not re.fullmatch("[A-Z][A-Za-z0-9]+", name)]


@each_operation
def test_an_operation_is_named_and_described(
    method: str, path: str, operation: dict[str, Any]
) -> None:
    assert re.fullmatch("[a-z]+([A-Z][a-z0-9]+)*", operation["operationId"])
    assert operation["summary"]
    assert operation["description"].endswith(".")
    assert set(operation["tags"]) <= {tag["name"] for tag in TAGS}


@each_operation
def test_its_summary_is_a_short_sentence(method: str, path: str, operation: dict[str, Any]) -> None:
    assert operation["description"].replace("\n", " ").startswith(operation["summary"])
    assert not operation["summary"].endswith(".")
    assert len(operation["summary"]) <= 90


@each_operation
def test_its_bodies_and_parameters_have_examples_that_fit(
    method: str, path: str, operation: dict[str, Any]
) -> None:
    holders = [operation.get("requestBody", {}), *operation["responses"].values()]
    bodies = [
        media
        for holder in holders
        for name, media in holder.get("content", {}).items()
        if name.split(";")[0].endswith("json")
    ]
    for described in [*bodies, *operation.get("parameters", ())]:
        named = [one["value"] for one in described.get("examples", {}).values()]
        shown = named or [described["example"]]
        schema = {**described["schema"], "components": SPEC["components"]}
        for example in shown:
            Draft202012Validator(schema).validate(example)


def test_links_lead_to_operations_by_their_parameters() -> None:
    every = {case.id: case.values[2] for case in OPERATIONS}
    answers = [answer for one in every.values() for answer in one["responses"].values()]
    links = [link for answer in answers for link in answer.get("links", {}).values()]

    assert len(links) > 25
    for link in links:
        known = {one["name"] for one in every[link["operationId"]]["parameters"]}
        assert set(link["parameters"]) <= known


def test_names_are_unique() -> None:
    names = [case.id for case in OPERATIONS]

    assert len(names) == len(set(names))


@each_operation
def test_every_error_is_a_problem(method: str, path: str, operation: dict[str, Any]) -> None:
    errors = {
        status: set(response["content"])
        for status, response in operation["responses"].items()
        if status >= "400"
    }
    if operation["operationId"] == "getReady":  # tells what is missing, in its own shape
        del errors["503"]

    assert errors
    assert all(content == {"application/problem+json"} for content in errors.values())


@each_operation
def test_what_is_secured_says_401_and_what_has_input_422(
    method: str, path: str, operation: dict[str, Any]
) -> None:
    has_input = bool(operation.get("parameters") or operation.get("requestBody"))

    assert ("401" in operation["responses"]) >= bool(operation.get("security"))
    assert ("422" in operation["responses"]) == has_input or operation[
        "operationId"
    ] == "uploadMail"
    assert ("400" in operation["responses"]) >= bool(operation.get("requestBody"))


@each_operation
def test_a_parameter_is_absent_or_something_but_not_null(
    method: str, path: str, operation: dict[str, Any]
) -> None:
    assert "null" not in json.dumps(operation.get("parameters", []))


def test_a_file_is_a_file_for_both_clients() -> None:
    assert SPEC["components"]["schemas"]["MailUpload"]["properties"]["file"]["format"] == "binary"


def test_properties_are_in_snake_case() -> None:
    names = {
        name for node in nodes(SPEC) for name in node.get("properties", ()) if isinstance(name, str)
    }
    theirs = {"startTime", "endTime"}  # Podcasting 2.0 names it so

    assert not [name for name in names - theirs if not re.fullmatch("[a-z][a-z0-9_]*", name)]


def test_the_documentation_page_loads_from_its_own_origin_only(nobody: httpx2.Client) -> None:
    page = nobody.get("/docs", headers={"Accept": "text/html"})
    links = set(re.findall(r'(?:href|src)="([^"]+)"', page.text)) - {"data:,"}
    initializer = nobody.get("/docs/initializer.js").text

    assert links
    assert not [link for link in links if "//" in link or nobody.get(f"/{link}").status_code != 200]
    assert 'url: "openapi.json"' in initializer and "//" not in initializer
    assert not re.search(r"<script(?![^>]* src=)", page.text)
    assert "script-src 'self';" in page.headers["content-security-policy"]


def test_every_example_is_of_something_there_is() -> None:
    schemas = SPEC["components"]["schemas"]
    every = [case.values[2] for case in OPERATIONS]
    fields = {(name, field) for name, one in schemas.items() for field in one.get("properties", ())}
    parameters = {
        (one["tags"][0], parameter["name"])
        for one in every
        for parameter in one.get("parameters", ())
    }
    known = {".".join(one) for one in fields | parameters} | set(schemas)

    assert set(BY_OWNER) <= known
    assert set(BY_NAME) <= {name for _, name in fields | parameters}


@each_operation
def test_what_is_not_json_is_shown_too_unless_it_is_bytes(
    method: str, path: str, operation: dict[str, Any]
) -> None:
    answers = operation["responses"].values()
    media = [one for answer in answers for one in answer.get("content", {}).values()]

    assert all(
        {"example", "examples"} & set(one) or "binary" in str(one["schema"]) for one in media
    )


@each_operation
def test_its_answers_are_described(method: str, path: str, operation: dict[str, Any]) -> None:
    told = [answer["description"] for answer in operation["responses"].values()]

    assert all(one.endswith(".") for one in told)
    assert "Successful Response" not in told


@pytest.mark.parametrize(
    ("method", "path"),
    [
        (method, path)
        for method, path, operation in (case.values for case in OPERATIONS)
        if "application/json" in operation.get("requestBody", {}).get("content", {})
        and "{" not in path
    ],
)
def test_an_example_of_a_body_is_one_that_is_understood(
    owner: httpx2.Client, method: str, path: str
) -> None:
    body = SPEC["paths"][path][method]["requestBody"]["content"]["application/json"]["example"]
    answer = owner.request(method, path, json=body)

    assert answer.status_code not in (400, 422), answer.text

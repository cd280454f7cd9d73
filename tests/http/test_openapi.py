"""The published OpenAPI document is deterministic and complete, and the service serves it."""

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

from tests.contract.document import contract_document

SPEC: dict[str, Any] = contract_document()
# The server in their example does not exist. The fuzz calls them with stand-ins.
REACHES_A_SERVER = {"addImapSource", "listImapFolders", "getImapCertificate", "addFeedSource"}
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
    outputs = {
        subprocess.run(
            [sys.executable, "-m", "audiobrew", "contract"],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert outputs == {contract_json().encode()}


def test_the_running_service_publishes_it(anonymous: httpx2.Client) -> None:
    assert anonymous.get("/openapi.json").json() == SPEC


def test_it_is_openapi_3_1() -> None:
    assert SPEC["openapi"].startswith("3.1")
    assert not [node for node in nodes(SPEC) if "itemSchema" in node]


def test_every_reference_resolves_and_every_schema_is_used() -> None:
    names = set(SPEC["components"]["schemas"])
    used = {node["$ref"].rsplit("/", 1)[1] for node in nodes(SPEC) if "$ref" in node}

    assert used == names
    assert not [name for name in names if not re.fullmatch("[A-Z][A-Za-z0-9]+", name)]


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
    for part in [*bodies, *operation.get("parameters", ())]:
        named_examples = [item["value"] for item in part.get("examples", {}).values()]
        examples = named_examples or [part["example"]]
        schema = {**part["schema"], "components": SPEC["components"]}
        for example in examples:
            Draft202012Validator(schema).validate(example)


def test_links_lead_to_operations_by_their_parameters() -> None:
    operations = {case.id: case.values[2] for case in OPERATIONS}
    responses = [
        response for item in operations.values() for response in item["responses"].values()
    ]
    links = [link for response in responses for link in response.get("links", {}).values()]

    assert len(links) > 25
    for link in links:
        names = {item["name"] for item in operations[link["operationId"]]["parameters"]}
        assert set(link["parameters"]) <= names


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
    if operation["operationId"] == "getReady":  # it has its own schema
        del errors["503"]

    assert errors
    assert all(content == {"application/problem+json"} for content in errors.values())


@each_operation
def test_secured_operations_declare_401_and_those_with_input_422(
    method: str, path: str, operation: dict[str, Any]
) -> None:
    has_input = bool(operation.get("parameters") or operation.get("requestBody"))

    assert ("401" in operation["responses"]) >= bool(operation.get("security"))
    assert ("422" in operation["responses"]) == has_input or operation[
        "operationId"
    ] == "uploadMail"
    assert ("400" in operation["responses"]) >= bool(operation.get("requestBody"))


@each_operation
def test_an_optional_parameter_is_never_null(
    method: str, path: str, operation: dict[str, Any]
) -> None:
    assert "null" not in json.dumps(operation.get("parameters", []))


def test_an_upload_is_a_binary_file() -> None:
    assert SPEC["components"]["schemas"]["MailUpload"]["properties"]["file"]["format"] == "binary"


def test_properties_are_in_snake_case() -> None:
    names = {
        name for node in nodes(SPEC) for name in node.get("properties", ()) if isinstance(name, str)
    }
    theirs = {"startTime", "endTime"}  # the names in Podcasting 2.0

    assert not [name for name in names - theirs if not re.fullmatch("[a-z][a-z0-9_]*", name)]


def test_the_documentation_page_loads_from_its_own_origin_only(anonymous: httpx2.Client) -> None:
    page = anonymous.get("/docs", headers={"Accept": "text/html"})
    links = set(re.findall(r'(?:href|src)="([^"]+)"', page.text)) - {"data:,"}
    initializer = anonymous.get("/docs/initializer.js").text

    assert links
    assert not [
        link for link in links if "//" in link or anonymous.get(f"/{link}").status_code != 200
    ]
    assert 'url: "openapi.json"' in initializer and "//" not in initializer
    assert not re.search(r"<script(?![^>]* src=)", page.text)
    assert "script-src 'self';" in page.headers["content-security-policy"]


def test_every_example_belongs_to_a_field_or_parameter() -> None:
    schemas = SPEC["components"]["schemas"]
    operations = [case.values[2] for case in OPERATIONS]
    fields = {
        (name, field) for name, item in schemas.items() for field in item.get("properties", ())
    }
    parameters = {
        (item["tags"][0], parameter["name"])
        for item in operations
        for parameter in item.get("parameters", ())
    }
    names = {".".join(item) for item in fields | parameters} | set(schemas)

    assert set(BY_OWNER) <= names
    assert set(BY_NAME) <= {name for _, name in fields | parameters}


@each_operation
def test_text_responses_have_examples(method: str, path: str, operation: dict[str, Any]) -> None:
    responses = operation["responses"].values()
    media = [item for response in responses for item in response.get("content", {}).values()]

    assert all(
        {"example", "examples"} & set(item) or "binary" in str(item["schema"]) for item in media
    )


@each_operation
def test_its_responses_are_described(method: str, path: str, operation: dict[str, Any]) -> None:
    descriptions = [response["description"] for response in operation["responses"].values()]

    assert all(item.endswith(".") for item in descriptions)
    assert "Successful Response" not in descriptions


@pytest.mark.parametrize(
    ("method", "path"),
    [
        (method, path)
        for method, path, operation in (case.values for case in OPERATIONS)
        if "application/json" in operation.get("requestBody", {}).get("content", {})
        and "{" not in path
        and operation["operationId"] not in REACHES_A_SERVER
    ],
)
def test_the_example_of_a_body_is_accepted(owner: httpx2.Client, method: str, path: str) -> None:
    body = SPEC["paths"][path][method]["requestBody"]["content"]["application/json"]["example"]
    response = owner.request(method, path, json=body)

    assert response.status_code not in (400, 422), response.text

"""The published contract: one deterministic OpenAPI 3.1 document.

FastAPI describes the routes. Around them this room says once what is true of every operation, gives
examples and links, and removes what only makes noise in generated clients.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from audiobrew.http.openapi.common_errors import add_usual_problems
from audiobrew.http.openapi.example_values import add_examples
from audiobrew.http.openapi.introduction import (
    BROWSER_SESSION,
    DESCRIPTION,
    IN_PATHS,
    SUMMARY,
    TAGS,
    VERSION,
)
from audiobrew.http.openapi.links import add_links
from audiobrew.problems import FieldError, ProblemBody

Json = dict[str, Any]
METHODS = ("get", "put", "post", "delete", "patch", "head", "options")
REFERENCE = "#/components/schemas/{model}"
SILENT = "Successful Response"
"""What FastAPI says of an answer that its route says nothing of."""


def operation_id(route: APIRoute) -> str:
    """`list_podcasts` is `listPodcasts` in the contract and in both clients."""
    first, *rest = route.name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def publish(app: FastAPI) -> None:
    """Let the app serve this document at /openapi.json."""
    app.openapi = partial(_served, app)  # type: ignore[method-assign]


def _served(app: FastAPI) -> Json:
    app.openapi_schema = app.openapi_schema or _build(app)
    return app.openapi_schema


def _build(app: FastAPI) -> Json:
    spec = get_openapi(
        title="AudioBrew",
        version=VERSION,
        summary=SUMMARY,
        description=DESCRIPTION,
        license_info={"name": "MIT", "identifier": "MIT"},
        tags=TAGS,
        routes=app.routes,
        separate_input_output_schemas=app.separate_input_output_schemas,
    )
    spec["components"]["schemas"] = _schemas(spec["components"]["schemas"])
    spec["components"]["securitySchemes"]["browser"] = dict(BROWSER_SESSION)
    for path, operation in _operations(spec):
        _complete(path, operation)
    _tidy(spec)
    add_examples(spec)
    add_links(spec)
    return spec


def _schemas(known: Json) -> Json:
    """With our shape of errors in place of FastAPI's, in the order of their names."""
    ours = {
        model.__name__: model.model_json_schema(ref_template=REFERENCE)
        for model in (FieldError, ProblemBody)
    }
    for schema in ours.values():
        schema.pop("$defs", None)
    theirs = ("HTTPValidationError", "ValidationError")
    kept = {name: schema for name, schema in known.items() if name not in theirs}
    return dict(sorted((kept | ours).items()))


def _operations(spec: Json) -> Iterator[tuple[str, Json]]:
    for path, item in spec["paths"].items():
        yield from ((path, item[method]) for method in METHODS if method in item)


def _complete(path: str, operation: Json) -> None:
    operation["summary"] = _first_sentence(operation["description"])
    add_usual_problems(path, operation)
    if {"listener": []} in operation.get("security", ()):
        operation["security"] = [{"listener": []}, {"browser": []}]
    for status, response in operation["responses"].items():
        _events(response)
        if response["description"] == SILENT:
            response["description"] = "Done." if status == "204" else operation["summary"] + "."
    for parameter in operation.get("parameters", ()):
        _never_null(parameter)
        if parameter["in"] == "path":
            [tag] = operation["tags"]
            parameter["description"] = IN_PATHS[tag, parameter["name"]]


def _first_sentence(description: str) -> str:
    return " ".join(description.split()).partition(". ")[0].removesuffix(".")


def _never_null(parameter: Json) -> None:
    """An absent parameter is not a null one. It is described beside its schema, once."""
    schema = parameter["schema"]
    kept = [part for part in schema.get("anyOf", ()) if part != {"type": "null"}]
    if len(kept) == 1:
        del schema["anyOf"]
        parameter["schema"] = kept[0] | schema
    parameter["schema"].pop("description", None)


def _events(response: Json) -> None:
    """`itemSchema` is OpenAPI 3.2; in 3.1 `schema` describes one server-sent event."""
    for media in response.get("content", {}).values():
        if event := media.pop("itemSchema", None):
            media["schema"] = event


def _tidy(node: Any) -> None:
    """Drop the titles that only echo a name; tell clients which strings are files."""
    if isinstance(node, list):
        for child in node:
            _tidy(child)
    if not isinstance(node, dict):
        return
    if node.get("contentMediaType") == "application/octet-stream":
        node["format"] = "binary"
    for name, child in node.items():
        if name in ("properties", "schemas", "$defs") and isinstance(child, dict):
            for schema in child.values():
                schema.pop("title", None)
        if name in ("schema", "contentSchema") and isinstance(child, dict):
            child.pop("title", None)
        _tidy(child)

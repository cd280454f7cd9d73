"""The published contract: one deterministic OpenAPI 3.1 document.

FastAPI describes the routes. This package adds common errors, examples and links, and removes what only
clutters generated clients.
"""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from audiobrew.http.openapi.common_errors import add_common_errors
from audiobrew.http.openapi.examples import add_examples
from audiobrew.http.openapi.introduction import (
    BROWSER_SESSION,
    DESCRIPTION,
    PATH_PARAMETERS,
    SUMMARY,
    TAGS,
    VERSION,
)
from audiobrew.http.openapi.links import add_links
from audiobrew.problems import FieldError, ProblemBody

Json = dict[str, Any]
METHODS = ("get", "put", "post", "delete", "patch", "head", "options")
REFERENCE = "#/components/schemas/{model}"
# FastAPI's description of a response that its route does not describe.
DEFAULT_DESCRIPTION = "Successful Response"


def operation_id(route: APIRoute) -> str:
    """`list_podcasts` is `listPodcasts` in the contract and in both clients."""
    first, *rest = route.name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def publish_contract(app: FastAPI) -> None:
    """Let the app serve this document at /openapi.json. It is built for the first request."""

    def openapi() -> Json:
        app.openapi_schema = app.openapi_schema or build_document(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def build_document(app: FastAPI) -> Json:
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
    spec["components"]["schemas"] = replace_error_schemas(spec["components"]["schemas"])
    spec["components"]["securitySchemes"]["browser"] = dict(BROWSER_SESSION)
    for path, operation in operations(spec):
        complete_operation(path, operation)
    clean_up_schemas(spec)
    add_examples(spec)
    add_links(spec)
    return spec


def replace_error_schemas(schemas: Json) -> Json:
    """All schemas, with ours for errors instead of FastAPI's, sorted by name."""
    ours = {
        model.__name__: model.model_json_schema(ref_template=REFERENCE)
        for model in (FieldError, ProblemBody)
    }
    for schema in ours.values():
        schema.pop("$defs", None)
    theirs = ("HTTPValidationError", "ValidationError")
    others = {name: schema for name, schema in schemas.items() if name not in theirs}
    return dict(sorted((others | ours).items()))


def operations(spec: Json) -> Iterator[tuple[str, Json]]:
    for path, item in spec["paths"].items():
        yield from ((path, item[method]) for method in METHODS if method in item)


def complete_operation(path: str, operation: Json) -> None:
    first_sentence, *_ = " ".join(operation["description"].split()).partition(". ")
    operation["summary"] = first_sentence.removesuffix(".")
    add_common_errors(path, operation)
    if {"listener": []} in operation.get("security", ()):
        operation["security"] = [{"listener": []}, {"browser": []}]
    for status, response in operation["responses"].items():
        # `itemSchema` is OpenAPI 3.2; in 3.1, `schema` describes one server-sent event.
        for media in response.get("content", {}).values():
            if event_schema := media.pop("itemSchema", None):
                media["schema"] = event_schema
        if response["description"] == DEFAULT_DESCRIPTION:
            response["description"] = "Done." if status == "204" else operation["summary"] + "."
    for parameter in operation.get("parameters", ()):
        remove_null(parameter)
        if parameter["in"] == "path":
            [tag] = operation["tags"]
            parameter["description"] = PATH_PARAMETERS[tag, parameter["name"]]


def remove_null(parameter: Json) -> None:
    """An optional parameter may be absent, but it cannot be null. Its description is not repeated in its
    schema."""
    schema = parameter["schema"]
    choices = [choice for choice in schema.get("anyOf", ()) if choice != {"type": "null"}]
    if len(choices) == 1:
        del schema["anyOf"]
        parameter["schema"] = choices[0] | schema
    parameter["schema"].pop("description", None)


def clean_up_schemas(node: Any) -> None:
    """Remove titles that only repeat a name, and mark strings that are files, below this node."""
    if isinstance(node, list):
        for child in node:
            clean_up_schemas(child)
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
        clean_up_schemas(child)

"""The published contract: one deterministic OpenAPI 3.1 document.

FastAPI describes the routes. This module states once what is true of every operation (problems as
problem+json, 401 where there is security, 422 where there is input), and removes what only makes
noise in generated clients.
"""

import json
from collections.abc import Iterator
from functools import partial
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from audiobrew.examples import add_examples
from audiobrew.links import add_links
from audiobrew.problem import MEDIA_TYPE, FieldError, ProblemBody, described

Json = dict[str, Any]
METHODS = ("get", "put", "post", "delete", "patch", "head", "options")
REFERENCE = "#/components/schemas/{model}"
TAGS = [
    {"name": "status", "description": "How the service is."},
    {"name": "account", "description": "Who is listening."},
    {"name": "mail", "description": "The mails that episodes are made from."},
    {"name": "gmail", "description": "A mailbox at Google that mails come from."},
    {"name": "podcast", "description": "The listener's episodes: brewed, followed, heard, read."},
    {"name": "feed", "description": "The listener's show, as podcast apps fetch it."},
]


def operation_id(route: APIRoute) -> str:
    """`list_podcasts` is `listPodcasts` in the contract and in both clients."""
    first, *rest = route.name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def publish(app: FastAPI) -> None:
    """Let the app serve this document at /openapi.json."""
    app.openapi = partial(_served, app)  # type: ignore[method-assign]


def document() -> str:
    """The document as it is committed."""
    from audiobrew.app import create_app
    from audiobrew.settings import Settings

    return json.dumps(create_app(Settings()).openapi(), indent=2, ensure_ascii=False) + "\n"


def _served(app: FastAPI) -> Json:
    app.openapi_schema = app.openapi_schema or _build(app)
    return app.openapi_schema


def _build(app: FastAPI) -> Json:
    spec = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description=app.description,
        license_info=app.license_info,
        tags=app.openapi_tags,
        routes=app.routes,
        separate_input_output_schemas=app.separate_input_output_schemas,
    )
    schemas: Json = spec["components"]["schemas"]
    for replaced in ("HTTPValidationError", "ValidationError"):
        schemas.pop(replaced, None)
    for model in (FieldError, ProblemBody):
        described = model.model_json_schema(ref_template=REFERENCE)
        described.pop("$defs", None)
        schemas[model.__name__] = described
    spec["components"]["schemas"] = dict(sorted(schemas.items()))
    for path, operation in _operations(spec):
        _complete(path, operation)
    _tidy(spec)
    add_examples(spec)
    add_links(spec)
    return spec


def _operations(spec: Json) -> Iterator[tuple[str, Json]]:
    for path, item in spec["paths"].items():
        yield from ((path, item[method]) for method in METHODS if method in item)


def _complete(path: str, operation: Json) -> None:
    responses: Json = operation["responses"]
    operation["summary"] = _first_sentence(operation["description"])
    if _is_fastapis(responses.get("422")):
        del responses["422"]
    _as_problems(responses)
    for status, type, told in _everywhere(path, operation):
        responses.setdefault(status, _problem(int(status), type, told))
    operation["responses"] = dict(sorted(responses.items()))
    for parameter in operation.get("parameters", ()):
        _never_null(parameter)
    _events(responses)


def _first_sentence(description: str) -> str:
    return " ".join(description.split()).partition(". ")[0].removesuffix(".")


def _everywhere(path: str, operation: Json) -> Iterator[tuple[str, str, str]]:
    """What any operation of this kind may answer, whether its route says so or not."""
    if operation.get("requestBody"):
        yield "400", "unreadable-body", "The body could not be read."
        yield "413", "content-too-large", "The body is larger than AudioBrew takes."
    if operation.get("parameters") or operation.get("requestBody"):
        yield "422", "malformed", "The request does not match the contract."
    if operation.get("security"):
        yield "401", "sign-in-needed", "Please sign in first."
    if path.startswith(("/api/", "/feed/")):
        yield (
            "503",
            "database-busy",
            "The database is busy. Nothing was changed; try again in a minute.",
        )
    yield "403", "foreign-page", "Asked under a foreign host name or from a foreign page."
    yield "500", "crash", "Something went wrong on our side."


def _is_fastapis(response: Json | None) -> bool:
    """Its own shape of a malformed request, where ours is problem+json."""
    return "HTTPValidationError" in json.dumps(response)


def _problem(status: int, type: str, told: str) -> Json:
    schema = {"$ref": REFERENCE.format(model=ProblemBody.__name__)}
    errors = [FieldError(pointer="/body/minutes", detail="Input should be greater than 0")]
    body = described(
        status, type, told, errors if status == HTTPStatus.UNPROCESSABLE_ENTITY else []
    )
    media = {"schema": schema, "examples": {type: {"value": body.model_dump()}}}
    return {"description": told, "content": {MEDIA_TYPE: media}}


def _as_problems(responses: Json) -> None:
    """FastAPI documents a declared model as plain JSON."""
    ours = REFERENCE.format(model=ProblemBody.__name__)
    for response in responses.values():
        content = response.get("content", {})
        for media in [
            name for name, of in content.items() if of.get("schema", {}).get("$ref") == ours
        ]:
            content[MEDIA_TYPE] = content.pop(media) | content.get(MEDIA_TYPE, {})
        if MEDIA_TYPE in content:
            response["content"] = {MEDIA_TYPE: content[MEDIA_TYPE]}


def _never_null(parameter: Json) -> None:
    """An absent parameter is not a null one."""
    schema = parameter["schema"]
    kept = [part for part in schema.get("anyOf", ()) if part != {"type": "null"}]
    if len(kept) == 1:
        del schema["anyOf"]
        parameter["schema"] = kept[0] | schema


def _events(responses: Json) -> None:
    """`itemSchema` is OpenAPI 3.2; in 3.1 `schema` describes one server-sent event."""
    for response in responses.values():
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

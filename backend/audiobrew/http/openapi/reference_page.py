"""`/docs`: the contract as one page, without a script and without another host."""

import json
from collections.abc import Sequence
from html import escape
from importlib.resources import files
from string import Template
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from audiobrew.http.openapi.prose import kind_of, prose, words

Json = dict[str, Any]
router = APIRouter(include_in_schema=False)
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'"


@router.get("/docs")
async def read_docs(request: Request) -> HTMLResponse:
    return HTMLResponse(page(request.app.openapi()), headers={"Content-Security-Policy": POLICY})


def page(spec: Json) -> str:
    template = Template(files(__package__).joinpath("page.html").read_text(encoding="utf-8"))
    schemas = spec["components"]["schemas"].items()
    return template.substitute(
        version=escape(spec["info"]["version"]),
        summary=escape(spec["info"]["summary"]),
        description=prose(spec["info"]["description"]),
        contents="".join(_contents(spec, tag["name"]) for tag in spec["tags"]),
        sections="".join(_section(spec, tag) for tag in spec["tags"]),
        schemas="".join(_schema(name, schema) for name, schema in schemas),
    )


def _operations(spec: Json, tag: str) -> list[tuple[str, str, Json]]:
    return [
        (method, path, operation)
        for path, item in spec["paths"].items()
        for method, operation in item.items()
        if tag in operation["tags"]
    ]


def _contents(spec: Json, tag: str) -> str:
    rows = (
        f'<li>{_method(method)}<a href="#{operation["operationId"]}">{operation["operationId"]}</a>'
        for method, _, operation in _operations(spec, tag)
    )
    return f'<a href="#{tag}"><b>{tag}</b></a><ul>{"".join(rows)}</ul>'


def _section(spec: Json, tag: Json) -> str:
    operations = "".join(_operation(*one) for one in _operations(spec, tag["name"]))
    return f'<h2 id="{tag["name"]}">{tag["name"]}</h2>{prose(tag["description"])}{operations}'


def _operation(method: str, path: str, operation: Json) -> str:
    name = operation["operationId"]
    head = f'<h3 id="{name}">{_method(method)}<code>{escape(path)}</code></h3>'
    told = prose(operation["description"])
    keys = [
        f"<code>{scheme}</code>" for choice in operation.get("security", ()) for scheme in choice
    ]
    who = f"Needs a token: {', '.join(keys)}." if keys else "Needs no token."
    return (
        f"{head}{told}<p><small><code>{name}</code> · {who}</small></p>"
        f"{_parameters(operation)}{_request(operation)}{_answers(operation)}"
    )


def _method(method: str) -> str:
    return f'<span class="method {method}">{method.upper()}</span>'


def _parameters(operation: Json) -> str:
    rows = [
        (
            f"<code>{escape(one['name'])}</code>",
            f"{one['in']}, {kind_of(one['schema'])}{'' if one['required'] else ', may be absent'}",
            words(one["description"]),
        )
        for one in operation.get("parameters", ())
    ]
    return _table("Parameters", rows)


def _request(operation: Json) -> str:
    content = operation.get("requestBody", {}).get("content", {})
    return "".join(
        f"<h4>Body</h4><p><code>{escape(type)}</code>: {kind_of(media['schema'])}</p>{_example(media)}"
        for type, media in content.items()
    )


def _answers(operation: Json) -> str:
    rows = [
        (f"<code>{status}</code>", f"{words(response['description'])}{_media(response)}")
        for status, response in operation["responses"].items()
    ]
    return _table("Answers", rows)


def _media(response: Json) -> str:
    """What a good answer holds; every problem has the one shape."""
    return "".join(
        f"<br><code>{escape(type)}</code>: {kind_of(media.get('schema', {}))}{_folded(media)}"
        for type, media in response.get("content", {}).items()
        if type != "application/problem+json"
    )


def _folded(media: Json) -> str:
    shown = _example(media)
    return f"<details><summary>Example</summary>{shown}</details>" if shown else ""


def _example(media: Json) -> str:
    if "example" not in media:
        return ""
    told = media["example"]
    text = told if isinstance(told, str) else json.dumps(told, indent=2, ensure_ascii=False)
    return f"<pre>{escape(text)}</pre>"


def _schema(name: str, schema: Json) -> str:
    required = schema.get("required", ())
    rows = [
        (
            f"<code>{escape(field)}</code>",
            f"{kind_of(part)}{'' if field in required else ', may be absent'}",
            words(part.get("description", "")),
        )
        for field, part in schema.get("properties", {}).items()
    ]
    whole = "" if rows else f"<p>{kind_of(schema)}</p>"
    told = prose(schema.get("description", ""))
    return f'<h3 id="{name}">{name}</h3>{told}{whole}{_table("", rows)}'


def _table(title: str, rows: Sequence[tuple[str, ...]]) -> str:
    if not rows:
        return ""
    cells = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
    head = f"<h4>{title}</h4>" if title else ""
    return f"{head}<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"

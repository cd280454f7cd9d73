"""`/docs`: the contract as one plain page, without a script and without another host."""

from html import escape
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

router = APIRouter(include_in_schema=False)
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>AudioBrew API</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem}}
code{{font-size:.95em}}dt{{margin-top:1rem}}dd{{margin:0 0 0 1rem}}small{{opacity:.75}}</style></head>
<body><h1>AudioBrew API {version}</h1><p>{summary}</p>
<p>The whole contract: <a href="openapi.json">openapi.json</a> (OpenAPI 3.1). Sign in with
<code>Authorization: Bearer …</code>, the token that <code>POST /api/session</code> gives.</p>
{sections}</body></html>"""


@router.get("/docs")
async def read_docs(request: Request) -> HTMLResponse:
    spec = request.app.openapi()
    sections = "".join(_section(spec, tag["name"], tag["description"]) for tag in spec["tags"])
    page = PAGE.format(
        version=spec["info"]["version"], summary=spec["info"]["summary"], sections=sections
    )
    policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    return HTMLResponse(page, headers={"Content-Security-Policy": policy})


def _section(spec: dict[str, Any], tag: str, told: str) -> str:
    rows = "".join(
        _row(method, path, operation)
        for path, item in spec["paths"].items()
        for method, operation in item.items()
        if tag in operation.get("tags", ())
    )
    return f"<h2>{escape(tag)}</h2><p>{escape(told)}</p><dl>{rows}</dl>"


def _row(method: str, path: str, operation: dict[str, Any]) -> str:
    answers = ", ".join(operation["responses"])
    told = escape(operation.get("description", ""))
    name = f"<code>{method.upper()} {escape(path)}</code>"
    return f"<dt>{name}</dt><dd>{told}<br><small>Answers {answers}</small></dd>"

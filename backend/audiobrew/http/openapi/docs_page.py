"""`/docs`: the contract in Swagger UI, all of it served from our own origin.

The package `fastapi-swagger` contains the files of Swagger UI. FastAPI's own page loads them from another
host and has an inline script, which our content security policy forbids.
"""

from importlib.resources import files

from anyio import to_thread
from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

router = APIRouter(include_in_schema=False)
# Swagger UI sets styles on elements, and its icons are data URLs.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " connect-src 'self'; frame-ancestors 'none'"
)
CACHE = {"Cache-Control": "public, max-age=86400"}
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>AudioBrew API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/initializer.js"></script>
</body>
</html>
"""
INITIALIZER = """SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  displayRequestDuration: true,
  filter: true,
});
"""


@router.get("/docs")
async def read_docs() -> HTMLResponse:
    return HTMLResponse(PAGE, headers={"Content-Security-Policy": POLICY})


@router.get("/docs/initializer.js")
async def read_initializer() -> Response:
    return Response(INITIALIZER, media_type="text/javascript", headers=CACHE)


@router.get("/docs/swagger-ui-bundle.js")
async def read_script() -> Response:
    return Response(
        await asset("swagger-ui-bundle.js"), media_type="text/javascript", headers=CACHE
    )


@router.get("/docs/swagger-ui.css")
async def read_style() -> Response:
    return Response(await asset("swagger-ui.css"), media_type="text/css", headers=CACHE)


async def asset(name: str) -> bytes:
    """A file of Swagger UI."""
    return await to_thread.run_sync(files("fastapi_swagger.resources").joinpath(name).read_bytes)

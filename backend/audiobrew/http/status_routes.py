"""Greeting, health, readiness and metrics."""

import secrets
from typing import Annotated, Literal, Protocol

from fastapi import APIRouter, Depends, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse

from audiobrew.http.body_limit import LimitedRoute
from audiobrew.http.readiness import CheckedPorts, State
from audiobrew.http.static_app import NOT_BUILT
from audiobrew.models.deprecations import end_of
from audiobrew.ops.metrics import Workload, render_metrics
from audiobrew.problems import SignInNeeded, problems

router = APIRouter(route_class=LimitedRoute, tags=["status"])
metrics_bearer = HTTPBearer(
    scheme_name="metrics", description="The value of AUDIOBREW_METRICS_TOKEN.", auto_error=False
)


class Greeting(BaseModel):
    """A greeting for programs."""

    message: str


class Health(BaseModel):
    """The process is running."""

    status: Literal["healthy"]
    service: Literal["audiobrew-api"]


class Check(BaseModel):
    """The result of one health check. `told` describes it in words."""

    name: str
    ready: bool
    told: str


class Readiness(BaseModel):
    """Whether the service is ready, and the result of each health check."""

    ready: bool
    checks: list[Check]


class Workloads(Protocol):
    """Implemented by the `episode` room, which comes after this one."""

    async def now(self) -> Workload | None:
        """None while the database does not answer."""
        ...


class StatusPorts(CheckedPorts, Protocol):
    """The part of `wiring.Ports` that these routes need."""

    @property
    def workloads(self) -> Workloads: ...


async def get_status_ports(request: Request) -> StatusPorts:
    ports: StatusPorts = request.app.state.ports
    return ports


StatusPortsDep = Annotated[StatusPorts, Depends(get_status_ports)]
# The text of a check for clients without the metrics token.
SUMMARIES = {
    State.READY: "ready",
    State.WARNING: "ready, with a warning: see `audiobrew doctor`",
    State.MISSING: "not ready: see `audiobrew doctor`",
}


async def optional_metrics_bearer(request: Request) -> HTTPAuthorizationCredentials | None:
    """`metrics_bearer` for `/ready`, which also responds without it. Not declared in the contract."""
    return await metrics_bearer(request)


def has_metrics_token(ports: StatusPorts, credentials: HTTPAuthorizationCredentials | None) -> bool:
    token = ports.settings.metrics_token
    bearer = credentials.credentials if credentials else ""
    return token is not None and secrets.compare_digest(
        bearer.encode(), token.get_secret_value().encode()
    )


@router.get("/", response_model=Greeting)
async def get_root(request: Request, ports: StatusPortsDep) -> Response:
    """Get a greeting. A browser gets the web app instead."""
    headers = {"Cache-Control": "no-cache", "Vary": "Accept"}
    if "text/html" not in request.headers.get("accept", ""):
        greeting = Greeting(message="This is AudioBrew. The API is described at /docs.")
        return JSONResponse(greeting.model_dump(), headers=headers)
    page = ports.settings.web / "index.html"
    if not page.is_file():
        return PlainTextResponse(NOT_BUILT)
    return FileResponse(page, headers=headers)


@router.get("/health")
async def get_health() -> Health:
    """Check that the process is running."""
    return Health(status="healthy", service="audiobrew-api")


@router.get(
    "/ready", responses={503: {"model": Readiness, "description": "A health check failed."}}
)
async def get_ready(
    ports: StatusPortsDep,
    response: Response,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(optional_metrics_bearer)],
) -> Readiness:
    """Check that everything the service needs works."""
    results = await ports.health_checks.run(ports)
    # Details name buckets, models and folders, so only clients with the metrics token get them.
    with_details = has_metrics_token(ports, credentials)
    checks = [
        Check(
            name=result.name,
            ready=result.state is not State.MISSING,
            told=result.detail if with_details else SUMMARIES[result.state],
        )
        for result in results
    ]
    ready = all(check.ready for check in checks)
    response.status_code = 200 if ready else 503
    return Readiness(ready=ready, checks=checks)


@router.get(
    "/metrics",
    response_class=PlainTextResponse,
    responses={
        200: {"description": "Metrics in Prometheus' text format.", "content": {"text/plain": {}}},
        **problems(SignInNeeded),
    },
)
async def get_metrics(
    ports: StatusPortsDep,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(metrics_bearer)],
) -> Response:
    """Get the metrics for Prometheus. Needs the metrics token."""
    if not has_metrics_token(ports, credentials):
        raise SignInNeeded
    text = render_metrics(ports.settings, await ports.workloads.now(), end_of)
    return Response(text, media_type=CONTENT_TYPE_LATEST)

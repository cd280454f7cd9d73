"""How the service is: greeting, health, readiness, figures."""

import secrets
from typing import Annotated, Literal, Protocol

from fastapi import APIRouter, Depends, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse

from audiobrew.http.body_limit import LimitedRoute
from audiobrew.http.readiness import Ports, State
from audiobrew.http.static_app import NOT_BUILT
from audiobrew.models.deprecations import end_of
from audiobrew.ops.metrics import Workload, render_metrics
from audiobrew.problems import SignInNeeded, problems

router = APIRouter(route_class=LimitedRoute, tags=["status"])
meter = HTTPBearer(
    scheme_name="metrics", description="The value of AUDIOBREW_METRICS_TOKEN.", auto_error=False
)


class Greeting(BaseModel):
    """Says that this is AudioBrew."""

    message: str


class Health(BaseModel):
    """The process answers."""

    status: Literal["healthy"]
    service: Literal["audiobrew-api"]


class Check(BaseModel):
    """One thing the service needs, and what was found of it in words."""

    name: str
    ready: bool
    told: str


class Readiness(BaseModel):
    """Whether the service can do its work, and what it lacks."""

    ready: bool
    checks: list[Check]


class Workloads(Protocol):
    async def now(self) -> Workload | None:
        """None while the database does not answer."""
        ...


class StatusPorts(Ports, Protocol):
    @property
    def workloads(self) -> Workloads: ...


async def status_ports(request: Request) -> StatusPorts:
    ports: StatusPorts = request.app.state.ports
    return ports


Connected = Annotated[StatusPorts, Depends(status_ports)]


WORDS = {
    State.READY: "ready",
    State.WARNING: "ready, with a warning: see `audiobrew doctor`",
    State.MISSING: "not ready: see `audiobrew doctor`",
}


async def _given(request: Request) -> HTTPAuthorizationCredentials | None:
    """Outside the contract: without it, the answer is the same in fewer words."""
    return await meter(request)


def _may_measure(ports: StatusPorts, credentials: HTTPAuthorizationCredentials | None) -> bool:
    token = ports.settings.metrics_token
    given = credentials.credentials if credentials else ""
    return token is not None and secrets.compare_digest(
        given.encode(), token.get_secret_value().encode()
    )


@router.get("/", response_model=Greeting)
async def get_root(request: Request, ports: Connected) -> Response:
    """A greeting; a browser gets the web app."""
    headers = {"Cache-Control": "no-cache", "Vary": "Accept"}
    if "text/html" not in request.headers.get("accept", ""):
        greeting = Greeting(message="This is AudioBrew. The API is described at /docs.")
        return JSONResponse(greeting.model_dump(), headers=headers)
    page = ports.settings.web / "index.html"
    built = page.is_file()
    return FileResponse(page, headers=headers) if built else PlainTextResponse(NOT_BUILT)


@router.get("/health")
async def get_health() -> Health:
    """Whether the process answers."""
    return Health(status="healthy", service="audiobrew-api")


@router.get("/ready", responses={503: {"model": Readiness, "description": "Something is missing."}})
async def get_ready(
    ports: Connected,
    response: Response,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_given)],
) -> Readiness:
    """Whether the service can do its work."""
    # Details name buckets, models and folders: they are for whoever has the metrics token.
    known = _may_measure(ports, credentials)
    found = await ports.checks.findings(ports)
    told = [
        Check(
            name=one.name,
            ready=one.state is not State.MISSING,
            told=one.told if known else WORDS[one.state],
        )
        for one in found
    ]
    ready = all(check.ready for check in told)
    response.status_code = 200 if ready else 503
    return Readiness(ready=ready, checks=told)


@router.get(
    "/metrics",
    response_class=PlainTextResponse,
    responses={
        200: {"description": "Prometheus text.", "content": {"text/plain": {}}},
        **problems(SignInNeeded),
    },
)
async def get_metrics(
    ports: Connected, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(meter)]
) -> Response:
    """Figures for Prometheus, behind their own token."""
    if not _may_measure(ports, credentials):
        raise SignInNeeded
    told = render_metrics(ports.settings, await ports.workloads.now(), end_of)
    return Response(told, media_type=CONTENT_TYPE_LATEST)

"""The stand-in as an ASGI application. A test configures it, and inspects its calls afterwards."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute

from tests.standins.openai import realtime, responses, speech_route
from tests.standins.openai.connection_state import no_writer, of
from tests.standins.openai.faults import Faults, error
from tests.standins.openai.ledger import Call, Ledger

MODELS = ("gpt-6-luna", "gpt-6-sol", "gpt-realtime-2.1-mini", "gpt-realtime-2.1", "tts-1", "kokoro")
Writer = Callable[[dict[str, Any]], str]


class OpenAI:
    """With `latency`, calls take about as long as real ones. With `greedy`, every answer is billed with as
    many tokens as its request allows.

    `models`, `shutdown_dates` (by model, for example 2027-01-14) and `key` may be changed while it runs.
    """

    def __init__(
        self,
        writer: Writer = no_writer,
        *,
        key: str = "sk-stand-in",
        log: Path | None = None,
        latency: bool = False,
        greedy: bool = False,
    ) -> None:
        self.writer, self.key, self.latency = writer, key, latency
        self.greedy = greedy
        self.models = set(MODELS)
        self.shutdown_dates: dict[str, str] = {}
        self.ledger, self.faults = Ledger(log), Faults()
        self.app = Starlette(routes=list(self._routes()))
        self.app.state.openai = self

    def _routes(self) -> Any:
        yield Route("/v1/responses", responses.create, methods=["POST"])
        yield Route("/v1/audio/speech", speech_route.create, methods=["POST"])
        yield Route("/v1/models", models)
        yield Route("/v1/models/{id:path}", model)
        yield WebSocketRoute("/v1/realtime", realtime.session)

    @property
    def calls(self) -> list[Call]:
        return self.ledger.calls

    @property
    def at_once(self) -> int:
        return self.ledger.at_once

    def paid(self, kind: str) -> int:
        """The number of complete answers of a kind."""
        return self.ledger.paid(kind)

    def twice(self) -> list[str]:
        """The requests that were answered completely more than once."""
        return self.ledger.twice()

    def inject(self, kind: str, fault: str, times: int = 1, **more: Any) -> None:
        """Make the next `times` calls of a kind fail in this way; see `faults.py`."""
        self.faults.inject(kind, fault, times, **more)

    def seconds(self, kind: str, characters: int) -> float:
        """How long a call takes, which depends on the length of the text."""
        if not self.latency:
            return 0.0
        return (2.0 if kind == "responses" else 1.0) + characters / 1000

    def check_key(self, connection: HTTPConnection) -> Response | None:
        """The error response for a wrong key, or None."""
        if connection.headers.get("authorization") == f"Bearer {self.key}":
            return None
        message = "Incorrect API key provided."
        return error(401, message, "invalid_api_key", "invalid_request_error")

    def check_model(self, model: str) -> Response | None:
        """The error response for an unknown model, or None."""
        if model in self.models:
            return None
        message = "The model does not exist or you do not have access to it."
        return error(404, message, "model_not_found", "invalid_request_error", param="model")


async def models(request: Request) -> Response:
    stand_in = of(request)
    if refusal := stand_in.check_key(request):
        return refusal
    data = [describe_model(id, stand_in) for id in sorted(stand_in.models)]
    return JSONResponse({"object": "list", "data": data})


async def model(request: Request) -> Response:
    stand_in, id = of(request), request.path_params["id"]
    return (
        stand_in.check_key(request)
        or stand_in.check_model(id)
        or JSONResponse(describe_model(id, stand_in))
    )


def describe_model(id: str, stand_in: OpenAI) -> dict[str, Any]:
    """A model object as in OpenAI's reference. `shutdown_date` is null until an end is announced."""
    model = {"id": id, "object": "model", "created": 1_780_000_000, "owned_by": "openai"}
    return {**model, "shutdown_date": stand_in.shutdown_dates.get(id)}

"""The stand-in as one application: what a test sets up, and what it counts afterwards."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute

from tests.standins.openai import realtime, responses, speech_route
from tests.standins.openai.connection_state import nobody, of
from tests.standins.openai.faults import Faults, error
from tests.standins.openai.ledger import Call, Ledger

MODELS = ("gpt-6-luna", "gpt-6-sol", "gpt-realtime-2.1-mini", "gpt-realtime-2.1", "tts-1", "kokoro")
Writer = Callable[[dict[str, Any]], str]


class OpenAI:
    """`latency`: calls take about as long as real ones. `models`, `shutdown_dates` (of models, as in
    2027-01-14) and `key` may be changed while it runs.

    `greedy`: every answer takes as many tokens as its request allows, whatever it says.
    """

    def __init__(
        self,
        writer: Writer = nobody,
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
        """Answers of a kind that were sent whole."""
        return self.ledger.paid(kind)

    def twice(self) -> list[str]:
        """What was asked, and answered whole, more than once."""
        return self.ledger.twice()

    def inject(self, kind: str, fault: str, times: int = 1, **more: Any) -> None:
        """The next `times` calls of a kind meet this trouble; see `faults.py`."""
        self.faults.inject(kind, fault, times, **more)

    def seconds(self, kind: str, characters: int) -> float:
        """How long a call takes: by what a model writes, or by what a voice reads."""
        if not self.latency:
            return 0.0
        return (2.0 if kind == "responses" else 1.0) + characters / 1000

    def turned_away(self, connection: HTTPConnection) -> Response | None:
        if connection.headers.get("authorization") == f"Bearer {self.key}":
            return None
        told = "Incorrect API key provided."
        return error(401, told, "invalid_api_key", "invalid_request_error")

    def unknown(self, model: str) -> Response | None:
        if model in self.models:
            return None
        told = "The model does not exist or you do not have access to it."
        return error(404, told, "model_not_found", "invalid_request_error", param="model")


async def models(request: Request) -> Response:
    here = of(request)
    if refused := here.turned_away(request):
        return refused
    data = [describe(id, here) for id in sorted(here.models)]
    return JSONResponse({"object": "list", "data": data})


async def model(request: Request) -> Response:
    here, id = of(request), request.path_params["id"]
    return here.turned_away(request) or here.unknown(id) or JSONResponse(describe(id, here))


def describe(id: str, here: OpenAI) -> dict[str, Any]:
    """A model object of OpenAI's reference; `shutdown_date` is null until an end is announced."""
    model = {"id": id, "object": "model", "created": 1_780_000_000, "owned_by": "openai"}
    return {**model, "shutdown_date": here.shutdown_dates.get(id)}

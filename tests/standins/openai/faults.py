"""Faults of real services. A test injects one for a number of calls."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

KINDS = {"responses", "realtime", "speech"}
FAULTS = {
    "429", "500", "400", "quota", "reset", "silence", "short", "reworded", "preamble", "slow", "truncated",
    "not_audio", "raw", "wav", "mp3", "refusal", "incomplete", "failed", "garbled",
}  # fmt: skip


@dataclass
class Fault:
    name: str
    more: dict[str, Any] = field(default_factory=dict)

    async def delay(self) -> None:
        if self.name == "slow":
            await asyncio.sleep(self.more.get("seconds", 5.0))


NONE = Fault("none")


class Faults:
    def __init__(self) -> None:
        self._waiting: list[tuple[str, Fault]] = []

    def inject(self, kind: str, fault: str, times: int = 1, **more: Any) -> None:
        """`more`: retry_after, header, code (429); seconds (slow); said (reworded); html, type (not_audio);
        body, type (raw: any bytes)."""
        assert kind in KINDS and fault in FAULTS, (kind, fault)
        self._waiting += [(kind, Fault(fault, more))] * times

    def take(self, kind: str) -> Fault:
        """Remove and return the next fault for this kind of call, in the order of injection."""
        for place, (fault_kind, fault) in enumerate(self._waiting):
            if fault_kind == kind:
                del self._waiting[place]
                return fault
        return NONE


def error(status: int, message: str, code: str | None, type: str, **more: Any) -> JSONResponse:
    """An error in OpenAI's format."""
    body = {"message": message, "type": type, "param": more.pop("param", None), "code": code}
    return JSONResponse({"error": body}, status, **more)


def refusal(fault: Fault) -> Response | None:
    """The response to a call that fails before it costs anything, or None."""
    if fault.name == "429":
        wait = fault.more.get("retry_after", 1)
        code = fault.more.get("code", "rate_limit_exceeded")
        headers = {} if wait is None else {fault.more.get("header", "Retry-After"): str(wait)}
        return error(429, "Rate limit reached.", code, "requests", headers=headers)
    if fault.name == "quota":
        return error(429, "You exceeded your quota.", "insufficient_quota", "insufficient_quota")
    if fault.name == "500":
        return error(500, "The server had an error.", None, "server_error")
    if fault.name == "400":
        message = fault.more.get("message", "Unsupported value.")
        return error(400, message, "unsupported_value", "invalid_request_error")
    return None


class Cut(Response):
    """Announces the whole body, sends half of it and closes the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        await send(start)
        half = bytes(self.body[: len(self.body) // 2])
        await send({"type": "http.response.body", "body": half, "more_body": True})

"""Troubles that were seen with real services, each to be met a given number of times."""

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
        """The next trouble of this kind of call, in the order they were injected."""
        for place, (whose, fault) in enumerate(self._waiting):
            if whose == kind:
                del self._waiting[place]
                return fault
        return NONE


def error(status: int, message: str, code: str | None, type: str, **more: Any) -> JSONResponse:
    """As OpenAI words it."""
    told = {"message": message, "type": type, "param": more.pop("param", None), "code": code}
    return JSONResponse({"error": told}, status, **more)


def refusal(fault: Fault) -> Response | None:
    """The answer to a call that is turned away before it costs anything."""
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
        told = fault.more.get("message", "Unsupported value.")
        return error(400, told, "unsupported_value", "invalid_request_error")
    return None


class Cut(Response):
    """Promises the whole body, sends half of it and hangs up."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        await send(start)
        half = bytes(self.body[: len(self.body) // 2])
        await send({"type": "http.response.body", "body": half, "more_body": True})

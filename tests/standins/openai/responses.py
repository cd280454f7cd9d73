"""`POST /v1/responses`: one request in, one text out, in the shape of OpenAI's own types."""

import asyncio
import time
from typing import Any
from uuid import uuid4

from openai.types.responses import Response as Told
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.standins.openai.connection_state import WriterMissing, of
from tests.standins.openai.faults import Cut, Fault, error, refusal
from tests.standins.openai.ledger import hashed
from tests.standins.openai.request_validation import Invalid, responses_request

CHARACTERS_A_TOKEN = 4
MOST_TOKENS = 128_000
"""What a model answers with at most, if its request does not say."""


async def create(request: Request) -> Response:
    here = of(request)
    if refused := here.turned_away(request):
        return refused
    try:
        body = responses_request(await request.json())
    except (Invalid, ValueError) as wrong:
        return error(400, str(wrong), "invalid_value", "invalid_request_error")
    if gone := here.unknown(body["model"]):
        return gone
    fault, asked = here.faults.take("responses"), _text(body)
    what = hashed("responses", body)
    call = here.ledger.begin("responses", body["model"], len(asked), what)
    try:
        return await _answered(request, body, fault, call)
    finally:
        here.ledger.end(call, finished=False)


async def _answered(request: Request, body: dict[str, Any], fault: Fault, call: Any) -> Response:
    here = of(request)
    if refused := refusal(fault):
        return refused
    try:
        text = _faulty(here.writer(body), fault)
    except WriterMissing as missing:
        return error(500, str(missing), None, "server_error", headers={"x-should-retry": "false"})
    whole = text
    if body.get("max_output_tokens") is not None:
        text = text[: body["max_output_tokens"] * CHARACTERS_A_TOKEN]
    if len(text) < len(whole):
        fault = Fault("incomplete")
    await fault.delay()
    await asyncio.sleep(here.seconds("responses", len(text)))
    told = answer(body, text, fault, call.characters_in)
    if here.greedy:
        most = body.get("max_output_tokens") or MOST_TOKENS
        told["usage"] |= {"output_tokens": most}
        told["usage"]["total_tokens"] = most + told["usage"]["input_tokens"]
    usage = told["usage"]
    call.billed = {"text_in": usage["input_tokens"], "text_out": usage["output_tokens"]}
    Told.model_validate(told)
    if fault.name == "reset":
        return Cut(JSONResponse(told).body, media_type="application/json")
    if not await request.is_disconnected():
        here.ledger.end(call, finished=True, characters_out=len(text))
    return JSONResponse(told)


def answer(body: dict[str, Any], text: str, fault: Fault, characters_in: int) -> dict[str, Any]:
    incomplete = fault.name == "incomplete"
    status = "incomplete" if incomplete else "completed"
    return {
        "id": f"resp_{uuid4().hex}",
        "object": "response",
        "created_at": time.time(),
        "status": status,
        "error": None,
        "incomplete_details": {"reason": "max_output_tokens"} if incomplete else None,
        "instructions": body.get("instructions"),
        "metadata": {},
        "model": body["model"],
        "output": [_message(text, status, fault)],
        "parallel_tool_calls": True,
        "temperature": 1.0,
        "tool_choice": "auto",
        "tools": [],
        "top_p": 1.0,
        "text": body.get("text", {"format": {"type": "text"}}),
        "usage": _usage(characters_in, len(text)),
    }


def _message(text: str, status: str, fault: Fault) -> dict[str, Any]:
    said = {"type": "output_text", "text": text, "annotations": []}
    if fault.name == "refusal":
        said = {"type": "refusal", "refusal": "I cannot help with that."}
    id = f"msg_{uuid4().hex}"
    return {"id": id, "type": "message", "role": "assistant", "status": status, "content": [said]}


def _usage(characters_in: int, characters_out: int) -> dict[str, Any]:
    tokens_in, tokens_out = -(-characters_in // 4), -(-characters_out // 4)
    return {
        "input_tokens": tokens_in,
        "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
        "output_tokens": tokens_out,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": tokens_in + tokens_out,
    }


def _faulty(text: str, fault: Fault) -> str:
    return text[: len(text) // 2] if fault.name in ("truncated", "incomplete") else text


def _text(body: dict[str, Any]) -> str:
    """All the text that was sent: instructions, and the input in either of its forms."""
    given = body.get("input", "")
    parts = [given] if isinstance(given, str) else [_part(item) for item in given]
    return "".join([body.get("instructions") or "", *parts])


def _part(item: dict[str, Any]) -> str:
    content = item.get("content", "")
    if isinstance(content, str):
        return content
    return "".join(part.get("text", "") for part in content)

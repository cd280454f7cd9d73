"""`POST /v1/responses`: answers a request with a text, in the shape of OpenAI's own types."""

import asyncio
import time
from typing import Any
from uuid import uuid4

from openai.types.responses import Response as OpenAIResponse
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.standins.openai.connection_state import WriterMissing, of
from tests.standins.openai.faults import Cut, Fault, error, refusal
from tests.standins.openai.ledger import hash_request
from tests.standins.openai.request_validation import Invalid, responses_request

CHARACTERS_A_TOKEN = 4
# The maximum length of an answer if the request sets none.
MAX_TOKENS = 128_000


async def create(request: Request) -> Response:
    stand_in = of(request)
    if key_error := stand_in.check_key(request):
        return key_error
    try:
        body = responses_request(await request.json())
    except (Invalid, ValueError) as wrong:
        return error(400, str(wrong), "invalid_value", "invalid_request_error")
    if model_error := stand_in.check_model(body["model"]):
        return model_error
    fault, text = stand_in.faults.take("responses"), _text(body)
    request_hash = hash_request("responses", body)
    call = stand_in.ledger.begin("responses", body["model"], len(text), request_hash)
    try:
        return await _respond(request, body, fault, call)
    finally:
        stand_in.ledger.end(call, finished=False)


async def _respond(request: Request, body: dict[str, Any], fault: Fault, call: Any) -> Response:
    stand_in = of(request)
    if error_response := refusal(fault):
        return error_response
    try:
        text = _faulty(stand_in.writer(body), fault)
    except WriterMissing as missing:
        return error(500, str(missing), None, "server_error", headers={"x-should-retry": "false"})
    full_text = text
    if body.get("max_output_tokens") is not None:
        text = text[: body["max_output_tokens"] * CHARACTERS_A_TOKEN]
    if len(text) < len(full_text):
        fault = Fault("incomplete")
    await fault.delay()
    await asyncio.sleep(stand_in.seconds("responses", len(text)))
    response = answer(body, text, fault, call.characters_in)
    if stand_in.greedy:
        max_tokens = body.get("max_output_tokens") or MAX_TOKENS
        response["usage"] |= {"output_tokens": max_tokens}
        response["usage"]["total_tokens"] = max_tokens + response["usage"]["input_tokens"]
    usage = response["usage"]
    call.billed = {"text_in": usage["input_tokens"], "text_out": usage["output_tokens"]}
    OpenAIResponse.model_validate(response)
    if fault.name == "reset":
        return Cut(JSONResponse(response).body, media_type="application/json")
    if not await request.is_disconnected():
        stand_in.ledger.end(call, finished=True, characters_out=len(text))
    return JSONResponse(response)


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
    content = {"type": "output_text", "text": text, "annotations": []}
    if fault.name == "refusal":
        content = {"type": "refusal", "refusal": "I cannot help with that."}
    id = f"msg_{uuid4().hex}"
    return {
        "id": id,
        "type": "message",
        "role": "assistant",
        "status": status,
        "content": [content],
    }


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
    """All text of a request: the instructions, and the input, which is a text or a list of items."""
    content = body.get("input", "")
    parts = [content] if isinstance(content, str) else [_part(item) for item in content]
    return "".join([body.get("instructions") or "", *parts])


def _part(item: dict[str, Any]) -> str:
    content = item.get("content", "")
    if isinstance(content, str):
        return content
    return "".join(part.get("text", "") for part in content)

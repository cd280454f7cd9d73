"""`POST /v1/audio/speech`: text in, PCM out as it is made, or a WAV of unknown length."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse

from tests.standins.openai import speech
from tests.standins.openai.connection_state import of
from tests.standins.openai.faults import Cut, Fault, error, refusal
from tests.standins.openai.ledger import hashed
from tests.standins.openai.request_validation import Invalid, speech_request

PIECE = 16_001
"""Bytes: not a whole number of samples, as in the field."""


async def create(request: Request) -> Response:
    here = of(request)
    if refused := here.turned_away(request):
        return refused
    try:
        body = speech_request(await request.json())
    except (Invalid, ValueError) as wrong:
        return error(400, str(wrong), "invalid_value", "invalid_request_error")
    if gone := here.unknown(body["model"]):
        return gone
    fault, sent = here.faults.take("speech"), body["input"] + body.get("instructions", "")
    call = here.ledger.begin("speech", body["model"], len(sent), hashed("speech", body))
    if refused := refusal(fault):
        here.ledger.end(call, finished=False)
        return refused
    call.billed = {"characters": len(sent)}
    await fault.delay()
    await asyncio.sleep(here.seconds("speech", len(body["input"])))
    return await _spoken(request, body, fault, call)


async def _spoken(request: Request, body: dict[str, Any], fault: Fault, call: Any) -> Response:
    ledger = of(request).ledger
    if fault.name == "not_audio":
        ledger.end(call, finished=True)
        if fault.more.get("html"):
            return HTMLResponse("<html><body>Please log in.</body></html>")
        kind = fault.more.get("type", "application/json")
        return JSONResponse({"detail": body["input"]}, media_type=kind)
    sound, kind = await _sound(body, fault)
    if fault.name == "reset":
        ledger.end(call, finished=False)
        return Cut(sound, media_type=kind)

    async def pieces() -> AsyncIterator[bytes]:
        try:
            for start in range(0, len(sound), PIECE):
                if start + PIECE >= len(sound):
                    ledger.end(call, finished=True, characters_out=len(sound))
                yield sound[start : start + PIECE]
        finally:
            ledger.end(call, finished=False)

    return StreamingResponse(pieces(), media_type=kind)


async def _sound(body: dict[str, Any], fault: Fault) -> tuple[bytes, str]:
    if fault.name == "raw":
        return fault.more["body"], fault.more.get("type", "audio/pcm")
    voice = body["voice"] if isinstance(body["voice"], str) else body["voice"]["id"]
    if fault.name == "silence":
        return speech.SILENCE, "audio/pcm"
    if fault.name == "mp3":
        return b"ID3\x04" + bytes(64), "audio/mpeg"
    sound = await speech.spoken(body["input"], voice)
    if fault.name == "short":
        return sound[: 2 * speech.RATE // 10], "audio/pcm"
    if fault.name == "wav" or body.get("response_format") == "wav":
        return speech.as_wav(sound), "audio/wav"
    return sound, "audio/pcm"

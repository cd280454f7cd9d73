"""`POST /v1/audio/speech`: speaks a text as a stream of PCM, or as a WAV of unknown length."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse

from tests.standins.openai import speech
from tests.standins.openai.connection_state import of
from tests.standins.openai.faults import Cut, Fault, error, refusal
from tests.standins.openai.ledger import hash_request
from tests.standins.openai.request_validation import Invalid, speech_request

# In bytes. As with real services, this is not a whole number of samples.
CHUNK_BYTES = 16_001


async def create(request: Request) -> Response:
    stand_in = of(request)
    if key_error := stand_in.check_key(request):
        return key_error
    try:
        body = speech_request(await request.json())
    except (Invalid, ValueError) as wrong:
        return error(400, str(wrong), "invalid_value", "invalid_request_error")
    if model_error := stand_in.check_model(body["model"]):
        return model_error
    fault, text = stand_in.faults.take("speech"), body["input"] + body.get("instructions", "")
    call = stand_in.ledger.begin("speech", body["model"], len(text), hash_request("speech", body))
    if error_response := refusal(fault):
        stand_in.ledger.end(call, finished=False)
        return error_response
    call.billed = {"characters": len(text)}
    await fault.delay()
    await asyncio.sleep(stand_in.seconds("speech", len(body["input"])))
    return await _respond(request, body, fault, call)


async def _respond(request: Request, body: dict[str, Any], fault: Fault, call: Any) -> Response:
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

    async def chunks() -> AsyncIterator[bytes]:
        try:
            for start in range(0, len(sound), CHUNK_BYTES):
                if start + CHUNK_BYTES >= len(sound):
                    ledger.end(call, finished=True, characters_out=len(sound))
                yield sound[start : start + CHUNK_BYTES]
        finally:
            ledger.end(call, finished=False)

    return StreamingResponse(chunks(), media_type=kind)


async def _sound(body: dict[str, Any], fault: Fault) -> tuple[bytes, str]:
    if fault.name == "raw":
        return fault.more["body"], fault.more.get("type", "audio/pcm")
    voice = body["voice"] if isinstance(body["voice"], str) else body["voice"]["id"]
    if fault.name == "silence":
        return speech.SILENCE, "audio/pcm"
    if fault.name == "mp3":
        return b"ID3\x04" + bytes(64), "audio/mpeg"
    sound = await speech.speak(body["input"], voice)
    if fault.name == "short":
        return sound[: 2 * speech.RATE // 10], "audio/pcm"
    if fault.name == "wav" or body.get("response_format") == "wav":
        return speech.as_wav(sound), "audio/wav"
    return sound, "audio/pcm"

"""`/v1/realtime`: a WebSocket session that speaks a text and sends a transcript of it."""

import asyncio
import base64
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from openai.types.realtime.realtime_server_event import RealtimeServerEvent
from pydantic import TypeAdapter
from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.standins.openai import speech
from tests.standins.openai.connection_state import of
from tests.standins.openai.faults import Fault, refusal
from tests.standins.openai.ledger import Call, hash_request
from tests.standins.openai.request_validation import Invalid, realtime_event

# Bytes of audio in one event.
CHUNK_SIZE = 24_000
AUDIO_TOKENS_A_SECOND = 20
MAX_TOKENS = 4096
_events: TypeAdapter[Any] = TypeAdapter(RealtimeServerEvent)


async def session(socket: WebSocket) -> None:
    here, model = of(socket), socket.query_params.get("model", "")
    if error_response := here.check_key(socket) or here.check_model(model):
        await socket.send_denial_response(error_response)
        return
    fault = here.faults.take("realtime")
    call = here.ledger.begin("realtime", model, 0, hash_request("realtime", model))
    try:
        if error_response := refusal(fault):
            await socket.send_denial_response(error_response)
        else:
            await socket.accept()
            await _Session(socket, model, fault, call).run()
    except WebSocketDisconnect:
        pass
    finally:
        here.ledger.end(call, finished=False)


class _Session:
    def __init__(self, socket: WebSocket, model: str, fault: Fault, call: Call) -> None:
        self.socket, self.model, self.fault, self.call = socket, model, fault, call
        self.here = of(socket)
        self.settings: dict[str, Any] = {"type": "realtime", "model": model}
        self.checked_types: set[str] = set()

    async def run(self) -> None:
        await self.send("session.created", session=self.settings)
        while True:
            event = await self.socket.receive_json()
            try:
                realtime_event(event)
            except Invalid as wrong:
                error = {"type": "invalid_request_error", "code": "invalid_value"}
                await self.send("error", error={**error, "message": str(wrong)})
                continue
            if event["type"] == "session.update":
                self.settings = {**self.settings, **event["session"]}
                await self.send("session.updated", session=self.settings)
            elif event["type"] == "response.create":
                await self.answer(event.get("response", {}))

    async def answer(self, request: dict[str, Any]) -> None:
        text = _text(request)
        orders = request.get("instructions") or self.settings.get("instructions", "")
        output = self.settings.get("audio", {}).get("output", {})
        voice = output.get("voice", "alloy")
        self.most = request.get("max_output_tokens", MAX_TOKENS)
        self.call.characters_in += len(text) + len(orders)
        self.call.request_hash = hash_request("realtime", self.model, voice, orders, text)
        await self.fault.delay()
        self.seconds = self.here.seconds("realtime", len(text))
        if self.fault.name == "garbled":
            await self.socket.send_text("<html>")
            return
        if self.fault.name == "failed":
            await self.finish("failed", [], b"", "")
            return
        for part, phase in self.parts(text):
            await self.speak(part, str(voice), phase)

    def parts(self, text: str) -> Iterator[tuple[str, str]]:
        if self.fault.name == "reworded":
            yield self.fault.more.get("said", f"Sure. Here is what it says. {text}"), "final_answer"
            return
        if self.fault.name == "preamble":
            yield "Sure, I will read that.", "commentary"
        yield text, "final_answer"

    async def speak(self, text: str, voice: str, phase: str) -> None:
        """Send chunks while the rest is still being spoken, as a model does."""
        sound = await self.sound(text, voice)
        item: dict[str, Any] = {"id": f"item_{uuid4().hex}", "type": "message", "role": "assistant"}
        content = [{"type": "output_audio", "transcript": text}]
        item |= {"status": "completed", "content": content, "phase": phase}
        if (whole := _tokens(text, sound)) > self.most:
            self.fault = Fault("incomplete")
            sound = sound[: 2 * round(len(sound) / 2 * self.most / whole)]
            text = text[: int(len(text) * self.most / whole)]
        half = len(sound) // 2 if self.fault.name in ("reset", "incomplete") else len(sound)
        for start in range(0, half, CHUNK_SIZE):
            await asyncio.sleep(self.seconds / len(range(0, half, CHUNK_SIZE)))
            piece = base64.b64encode(sound[start : min(half, start + CHUNK_SIZE)]).decode()
            await self.send("response.output_audio.delta", item, delta=piece)
        if self.fault.name == "reset":
            self.usage(sound, text)
            await self.socket.close(1011)
            raise WebSocketDisconnect(1011)
        await self.send("response.output_audio_transcript.done", item, transcript=text)
        self.items = [*getattr(self, "items", []), item]
        if phase == "final_answer":
            status = "incomplete" if self.fault.name in ("incomplete", "refusal") else "completed"
            await self.finish(status, self.items, sound, text)

    async def sound(self, text: str, voice: str) -> bytes:
        if self.fault.name == "silence":
            return speech.SILENCE
        audio = await speech.speak(text, voice)
        return audio[: 2 * speech.RATE // 10] if self.fault.name == "short" else audio

    async def finish(self, status: str, items: list[Any], sound: bytes, text: str) -> None:
        if status != "failed":
            self.here.ledger.end(self.call, finished=True, characters_out=len(text))
        await self.send("response.done", response=self.response(status, items, sound, text))

    def response(self, status: str, items: list[Any], sound: bytes, text: str) -> dict[str, Any]:
        details: dict[str, Any] = {"type": status}
        if status == "failed":
            code = self.fault.more.get("code", "server_error")
            details["error"] = {"type": "server_error", "code": code}
        if status == "incomplete":
            is_refusal = self.fault.name == "refusal"
            details["reason"] = "content_filter" if is_refusal else "max_output_tokens"
        usage = self.usage(sound, text)
        head = {"id": f"resp_{uuid4().hex}", "object": "realtime.response", "status": status}
        return {**head, "status_details": details, "output": items, "usage": usage}

    def usage(self, sound: bytes, text: str) -> dict[str, Any]:
        """The usage of the answer, which is also recorded as billed."""
        usage = _usage(self.call.characters_in, len(text), len(sound))
        output = usage["output_token_details"]
        if self.here.greedy:
            output["audio_tokens"], output["text_tokens"] = int(self.most), 0
            usage["output_tokens"] = int(self.most)
            usage["total_tokens"] = usage["input_tokens"] + usage["output_tokens"]
        self.call.billed = {
            "text_in": usage["input_tokens"],
            "text_out": output["text_tokens"],
            "audio_out": output["audio_tokens"],
        }
        return usage

    async def send(self, type: str, item: dict[str, Any] | None = None, **fields: Any) -> None:
        event = {"type": type, "event_id": f"event_{uuid4().hex}", **fields}
        if item:
            places = {"response_id": "resp", "output_index": 0, "content_index": 0}
            event |= {**places, "item_id": item["id"]}
        if type not in self.checked_types:  # once per type, because validation is slow
            _events.validate_python(event)
            self.checked_types.add(type)
        await self.socket.send_json(event)


def _text(request: dict[str, Any]) -> str:
    items = request.get("input", [])
    return "".join(part.get("text", "") for item in items for part in item.get("content", []))


def _tokens(text: str, sound: bytes) -> int:
    return int(_usage(0, len(text), len(sound))["output_tokens"])


def _usage(characters_in: int, characters_out: int, size: int) -> dict[str, Any]:
    tokens_in, tokens_out = -(-characters_in // 4), -(-characters_out // 4)
    audio = round(size / 2 / speech.RATE * AUDIO_TOKENS_A_SECOND)
    return {
        "total_tokens": tokens_in + tokens_out + audio,
        "input_tokens": tokens_in,
        "output_tokens": tokens_out + audio,
        "input_token_details": {"text_tokens": tokens_in, "audio_tokens": 0, "cached_tokens": 0},
        "output_token_details": {"text_tokens": tokens_out, "audio_tokens": audio},
    }

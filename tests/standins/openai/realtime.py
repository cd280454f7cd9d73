"""`/v1/realtime`: a session over a WebSocket that reads a text aloud and says what it said."""

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
from tests.standins.openai.ledger import Call, hashed
from tests.standins.openai.request_validation import Invalid, realtime_event

PIECE = 24_000
"""Bytes of sound an event."""
AUDIO_TOKENS_A_SECOND = 20
MOST_TOKENS = 4096
_events: TypeAdapter[Any] = TypeAdapter(RealtimeServerEvent)


async def session(socket: WebSocket) -> None:
    here, model = of(socket), socket.query_params.get("model", "")
    if refused := here.turned_away(socket) or here.unknown(model):
        await socket.send_denial_response(refused)
        return
    fault = here.faults.take("realtime")
    call = here.ledger.begin("realtime", model, 0, hashed("realtime", model))
    try:
        if refused := refusal(fault):
            await socket.send_denial_response(refused)
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
        self.checked: set[str] = set()

    async def run(self) -> None:
        await self.send("session.created", session=self.settings)
        while True:
            event = await self.socket.receive_json()
            try:
                realtime_event(event)
            except Invalid as wrong:
                told = {"type": "invalid_request_error", "code": "invalid_value"}
                await self.send("error", error={**told, "message": str(wrong)})
                continue
            if event["type"] == "session.update":
                self.settings = {**self.settings, **event["session"]}
                await self.send("session.updated", session=self.settings)
            elif event["type"] == "response.create":
                await self.answer(event.get("response", {}))

    async def answer(self, asked: dict[str, Any]) -> None:
        text = _text(asked)
        orders = asked.get("instructions") or self.settings.get("instructions", "")
        output = self.settings.get("audio", {}).get("output", {})
        voice = output.get("voice", "alloy")
        self.most = asked.get("max_output_tokens", MOST_TOKENS)
        self.call.characters_in += len(text) + len(orders)
        self.call.asked = hashed("realtime", self.model, voice, orders, text)
        await self.fault.delay()
        self.seconds = self.here.seconds("realtime", len(text))
        if self.fault.name == "garbled":
            await self.socket.send_text("<html>")
            return
        if self.fault.name == "failed":
            await self.done("failed", [], b"", "")
            return
        for said, phase in self.says(text):
            await self.speak(said, str(voice), phase)

    def says(self, text: str) -> Iterator[tuple[str, str]]:
        if self.fault.name == "reworded":
            yield self.fault.more.get("said", f"Sure. Here is what it says. {text}"), "final_answer"
            return
        if self.fault.name == "preamble":
            yield "Sure, I will read that.", "commentary"
        yield text, "final_answer"

    async def speak(self, said: str, voice: str, phase: str) -> None:
        """Pieces come while the rest is being spoken, as from a model."""
        sound = await self.sound(said, voice)
        item = {"id": f"item_{uuid4().hex}", "type": "message", "role": "assistant"}
        content = [{"type": "output_audio", "transcript": said}]
        item |= {"status": "completed", "content": content, "phase": phase}
        if (whole := _tokens(said, sound)) > self.most:
            self.fault = Fault("incomplete")
            sound = sound[: 2 * round(len(sound) / 2 * self.most / whole)]
            said = said[: int(len(said) * self.most / whole)]
        half = len(sound) // 2 if self.fault.name in ("reset", "incomplete") else len(sound)
        for start in range(0, half, PIECE):
            await asyncio.sleep(self.seconds / len(range(0, half, PIECE)))
            piece = base64.b64encode(sound[start : min(half, start + PIECE)]).decode()
            await self.send("response.output_audio.delta", item, delta=piece)
        if self.fault.name == "reset":
            self.usage(sound, said)
            await self.socket.close(1011)
            raise WebSocketDisconnect(1011)
        await self.send("response.output_audio_transcript.done", item, transcript=said)
        self.items = [*getattr(self, "items", []), item]
        if phase == "final_answer":
            status = "incomplete" if self.fault.name in ("incomplete", "refusal") else "completed"
            await self.done(status, self.items, sound, said)

    async def sound(self, said: str, voice: str) -> bytes:
        if self.fault.name == "silence":
            return speech.SILENCE
        spoken = await speech.spoken(said, voice)
        return spoken[: 2 * speech.RATE // 10] if self.fault.name == "short" else spoken

    async def done(self, status: str, items: list[Any], sound: bytes, said: str) -> None:
        if status != "failed":
            self.here.ledger.end(self.call, finished=True, characters_out=len(said))
        await self.send("response.done", response=self.response(status, items, sound, said))

    def response(self, status: str, items: list[Any], sound: bytes, said: str) -> dict[str, Any]:
        details: dict[str, Any] = {"type": status}
        if status == "failed":
            code = self.fault.more.get("code", "server_error")
            details["error"] = {"type": "server_error", "code": code}
        if status == "incomplete":
            refused = self.fault.name == "refusal"
            details["reason"] = "content_filter" if refused else "max_output_tokens"
        usage = self.usage(sound, said)
        head = {"id": f"resp_{uuid4().hex}", "object": "realtime.response", "status": status}
        return {**head, "status_details": details, "output": items, "usage": usage}

    def usage(self, sound: bytes, said: str) -> dict[str, Any]:
        """What is billed."""
        told = _usage(self.call.characters_in, len(said), len(sound))
        got = told["output_token_details"]
        if self.here.greedy:
            got["audio_tokens"], got["text_tokens"] = int(self.most), 0
            told["output_tokens"] = int(self.most)
            told["total_tokens"] = told["input_tokens"] + told["output_tokens"]
        self.call.billed = {
            "text_in": told["input_tokens"],
            "text_out": got["text_tokens"],
            "audio_out": got["audio_tokens"],
        }
        return told

    async def send(self, type: str, item: dict[str, Any] | None = None, **told: Any) -> None:
        event = {"type": type, "event_id": f"event_{uuid4().hex}", **told}
        if item:
            places = {"response_id": "resp", "output_index": 0, "content_index": 0}
            event |= {**places, "item_id": item["id"]}
        if type not in self.checked:  # the vendor's types take longer than a piece of sound
            _events.validate_python(event)
            self.checked.add(type)
        await self.socket.send_json(event)


def _text(asked: dict[str, Any]) -> str:
    items = asked.get("input", [])
    return "".join(part.get("text", "") for item in items for part in item.get("content", []))


def _tokens(said: str, sound: bytes) -> int:
    return int(_usage(0, len(said), len(sound))["output_tokens"])


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

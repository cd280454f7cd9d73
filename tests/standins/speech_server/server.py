"""The answers of three servers for speech, in the shapes of their source code in 2026.

They agree on the request and on little else: where models and voices are listed, what an error looks like,
and the sample rate and header of a sound differ.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.standins import local_server
from tests.standins.openai import speech
from tests.standins.openai.faults import Cut
from tests.standins.speech_server.sounds import encode, hiss, resampled, wav

FORMATS = {"mp3": "audio/mpeg", "opus": "audio/opus", "aac": "audio/aac", "flac": "audio/flac",
           "wav": "audio/wav", "pcm": "audio/pcm"}  # fmt: skip


@dataclass
class SpeechServer:
    """`requests` has the bodies of all requests for speech. `answers` are given instead of speech, in turn:
    `silence`, `hiss`, `short`, `cut` (the connection ends early), `500`, `page` (of a proxy), a format
    that was not asked for, or bytes. `at_once`: the most requests at the same time. `key`: which it asks for.
    """

    key: str | None = None
    requests: list[dict[str, Any]] = field(default_factory=list)
    answers: list[str | bytes] = field(default_factory=list)
    open: int = 0
    at_once: int = 0

    rate = 24_000

    def __post_init__(self) -> None:
        self.app = Starlette(
            routes=[
                Route("/v1/audio/speech", self._speech, methods=["POST"]),
                Route("/v1/models", self._checked(self.list_models)),
                Route("/v1/models/{id:path}", self._checked(self.find_model)),
                Route("/v1/audio/voices", self._checked(self.list_voices)),
            ],
            exception_handlers={404: lambda request, error: self.not_found()},
        )

    # -- what differs ---------------------------------------------------------------------------

    def not_found(self) -> Response:
        return JSONResponse({"detail": "Not Found"}, 404)

    def unauthorized(self) -> Response:
        return JSONResponse({"detail": "Invalid API key. The provided API key is incorrect."}, 403)

    def list_models(self, request: Request) -> Response:
        raise NotImplementedError

    def find_model(self, request: Request) -> Response:
        return self.not_found()

    def list_voices(self, request: Request) -> Response:
        return self.not_found()

    def refusal(self, body: dict[str, Any]) -> Response | None:
        """The answer to a request that the server cannot follow, or None."""
        raise NotImplementedError

    def sound(self, pcm: bytes, format: str) -> tuple[bytes, str]:
        """The body for speech at 24 kHz in a format, and its content type."""
        raise NotImplementedError

    # -- what is the same -----------------------------------------------------------------------

    def _checked(self, route: Any) -> Any:
        async def answer(request: Request) -> Response:
            return route(request) if self._may(request) else self.unauthorized()

        return answer

    def _may(self, request: Request) -> bool:
        return self.key is None or request.headers.get("authorization") == f"Bearer {self.key}"

    async def _speech(self, request: Request) -> Response:
        if not self._may(request):
            return self.unauthorized()
        body = await request.json()
        self.requests.append(body)
        if response := self.refusal(body):
            return response
        self.open += 1
        self.at_once = max(self.at_once, self.open)
        try:
            await asyncio.sleep(0.01)
            return await self._answer(body)
        finally:
            self.open -= 1

    async def _answer(self, body: dict[str, Any]) -> Response:
        answer = self.answers.pop(0) if self.answers else ""
        if isinstance(answer, bytes):
            return Response(answer, media_type="audio/wav")
        if answer == "500":
            return self.error()
        if answer == "page":
            return HTMLResponse("<html><body>502 Bad Gateway</body></html>", 200)
        pcm = await speech.speak(body["input"], body["voice"].partition("+")[0])
        speed = body.get("speed", 1.0)
        if speed != 1:
            pcm = resampled(pcm, round(speech.RATE / speed))
        pcm = {"silence": speech.SILENCE, "hiss": hiss(3), "short": pcm[:4800]}.get(answer, pcm)
        format = answer if answer in FORMATS else body.get("response_format") or "mp3"
        sound, content_type = self.sound(pcm, format)
        if answer == "cut":
            return Cut(sound, media_type=content_type)
        return self.respond(sound, content_type)

    def error(self) -> Response:
        return JSONResponse({"detail": "Internal Server Error"}, 500)

    def respond(self, sound: bytes, content_type: str) -> Response:
        """Chunked, without a content length."""

        async def chunks() -> AsyncIterator[bytes]:
            for start in range(0, len(sound), 16_001):
                yield sound[start : start + 16_001]

        return StreamingResponse(chunks(), media_type=content_type)


class KokoroServer(SpeechServer):
    """Kokoro-FastAPI: its own names of voices and mixtures of them, and 400 with a `detail` for others."""

    VOICES = ("af_heart", "af_bella", "am_michael", "bf_emma", "bm_george", "ef_dora", "em_alex", "ff_siwis",
              "hf_alpha", "hm_omega", "if_sara", "im_nicola", "jf_alpha", "jm_kumo", "pf_dora", "pm_alex",
              "zf_xiaoxiao", "zm_yunxi")  # fmt: skip
    MODELS = ("tts-1", "tts-1-hd", "kokoro")
    legacy = False

    def list_models(self, request: Request) -> Response:
        data = [
            {"id": id, "object": "model", "created": 1686935002, "owned_by": "kokoro"}
            for id in self.MODELS
        ]
        return JSONResponse({"object": "list", "data": data})

    def find_model(self, request: Request) -> Response:
        id = request.path_params["id"]
        if id in self.MODELS:
            return JSONResponse(
                {"id": id, "object": "model", "created": 1686935002, "owned_by": "kokoro"}
            )
        return self._error(404, "model_not_found", f"Model '{id}' not found")

    def list_voices(self, request: Request) -> Response:
        names = list(self.VOICES)
        return JSONResponse(
            {"voices": names if self.legacy else [{"id": one, "name": one} for one in names]}
        )

    def refusal(self, body: dict[str, Any]) -> Response | None:
        if body["model"] not in self.MODELS:
            return self._error(400, "invalid_model", f"Unsupported model: {body['model']}")
        for part in body["voice"].split("+"):
            name = part.partition("(")[0]
            if name not in self.VOICES:
                names = ", ".join(sorted(self.VOICES))
                message = f"Voice '{name}' not found. Available voices: {names}"
                return self._error(400, "validation_error", message)
        return None

    def error(self) -> Response:
        return self._error(500, "processing_error", "out of memory")

    def _error(self, status: int, code: str, message: str) -> Response:
        kind = "server_error" if status == 500 else "invalid_request_error"
        return JSONResponse({"detail": {"error": code, "message": message, "type": kind}}, status)

    def sound(self, pcm: bytes, format: str) -> tuple[bytes, str]:
        if format == "wav":
            return wav(pcm, 24_000, size=0xFFFFFFFF), "audio/wav"
        return encode(pcm, format), FORMATS[format]


class Speaches(SpeechServer):
    """speaches: models are repositories, PCM comes at the model's own rate without saying so."""

    MODELS: ClassVar[dict[str, tuple[int, tuple[str, ...]]]] = {
        "speaches-ai/Kokoro-82M-v1.0-ONNX": (24_000, ("af_heart", "am_michael", "ff_siwis")),
        "speaches-ai/piper-de_DE-thorsten-medium": (22_050, ("thorsten",)),
        "speaches-ai/piper-de_DE-eva_k-x_low": (16_000, ("eva_k",)),
    }
    ALIASES: ClassVar[dict[str, str]] = {"tts-1": "speaches-ai/Kokoro-82M-v1.0-ONNX"}

    def unauthorized(self) -> Response:
        return JSONResponse({"detail": "Invalid API key. The provided API key is incorrect."}, 401)

    def list_models(self, request: Request) -> Response:
        return JSONResponse({"data": [self._model(id) for id in self.MODELS], "object": "list"})

    def _model(self, id: str) -> dict[str, Any]:
        rate, voices = self.MODELS[id]
        model = {"id": id, "created": 1, "object": "model", "owned_by": "speaches-ai"}
        described = [self._voice(name) for name in voices]
        return {**model, "task": "text-to-speech", "sample_rate": rate, "voices": described}

    def _voice(self, name: str) -> dict[str, Any]:
        return {"name": name, "language": "de-DE" if "_" not in name[:3] else "en-us", "id": name}

    def find_model(self, request: Request) -> Response:
        id = self.ALIASES.get(request.path_params["id"], request.path_params["id"])
        if id in self.MODELS:
            return JSONResponse(self._model(id))
        return JSONResponse({"detail": f"Model '{id}' not found"}, 404)

    def list_voices(self, request: Request) -> Response:
        voices = [self._voice(name) for _, names in self.MODELS.values() for name in names]
        return JSONResponse({"voices": voices, "object": "list"})

    def refusal(self, body: dict[str, Any]) -> Response | None:
        id = self.ALIASES.get(body["model"], body["model"])
        if id not in self.MODELS:
            message = "is not installed locally. You can download the model using `POST /v1/models`"
            return JSONResponse({"detail": f"Model '{id}' {message}"}, 404)
        if not 0.5 <= body.get("speed", 1.0) <= 2.0:
            return JSONResponse({"detail": "Speed must be between 0.5 and 2.0"}, 422)
        self.rate, voices = self.MODELS[id]
        if body["voice"] not in voices:
            return JSONResponse({"detail": f"Voice '{body['voice']}' is not supported"}, 422)
        return None

    def sound(self, pcm: bytes, format: str) -> tuple[bytes, str]:
        own = resampled(pcm, self.rate)
        if format == "wav":
            return wav(own, self.rate, size=0), "audio/wav"
        return (own if format == "pcm" else encode(own, format, self.rate)), FORMATS[format]


class LocalAI(SpeechServer):
    """LocalAI: a whole file as a download; PCM is a WAV as well; no list of voices; errors like OpenAI's,
    with a number as their code."""

    MODELS = ("voice-en-us-amy-low", "voice-en-us-ryan-low", "tts-1")
    rate = 22_050

    def not_found(self) -> Response:
        return self._error(404, "Resource not found")

    def unauthorized(self) -> Response:
        return self._error(401, "Authorization required")

    def list_models(self, request: Request) -> Response:
        return JSONResponse(
            {"object": "list", "data": [{"id": id, "object": "model"} for id in self.MODELS]}
        )

    def refusal(self, body: dict[str, Any]) -> Response | None:
        if body["model"] not in self.MODELS:
            return self._error(
                500, "could not load model: rpc error: code = Unknown desc = no such file"
            )
        return None

    def error(self) -> Response:
        return self._error(
            500, "rpc error: code = Unavailable desc = error reading from server: EOF"
        )

    def _error(self, status: int, message: str) -> Response:
        return JSONResponse({"error": {"code": status, "message": message, "type": ""}}, status)

    def sound(self, pcm: bytes, format: str) -> tuple[bytes, str]:
        own = resampled(pcm, self.rate)
        if format in ("wav", "pcm"):
            return wav(own, self.rate), "audio/x-wav"
        return encode(own, format, self.rate), FORMATS[format]

    def respond(self, sound: bytes, content_type: str) -> Response:
        disposition = {"Content-Disposition": 'attachment; filename="localai.wav"'}
        return Response(sound, media_type=content_type, headers=disposition)


@contextmanager
def serving(server: SpeechServer) -> Iterator[str]:
    """Its address, as AUDIOBREW_VOICE_URL takes it."""
    with local_server.serving(server.app) as url:
        yield url

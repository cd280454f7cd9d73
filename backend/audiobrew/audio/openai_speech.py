"""The voice of OpenAI's `/v1/audio/speech`, and requests to any server that has it."""

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import anyio.to_thread

from audiobrew.audio.openai_voice import OpenAIVoice
from audiobrew.audio.sound_files import MAX_BYTES, SoundCutOff, UnreadableSound, decode
from audiobrew.audio.voice import ClipFailed, LanguageNotSpoken, Sound, Utterance
from audiobrew.models.usage import Usage, UsageMeter

if TYPE_CHECKING:
    from typing import Literal

    from openai import AsyncOpenAI

NO_SOUND = (
    "The voice's server answered with {what} instead of sound. Whoever runs this server: check its address"
    " (AUDIOBREW_VOICE_URL or OPENAI_BASE_URL) and AUDIOBREW_VOICE_MODEL. Then retry this episode: finished"
    " parts are kept."
)
# The first bytes of an answer, which are checked before the rest is read. Sound never begins with that
# many printable characters.
HEAD = 32


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be spoken. A `speed` of 1 is not sent: not all servers take it."""

    model: str
    voice: str
    text: str
    format: "Literal['pcm', 'wav']" = "pcm"
    speed: float = 1.0


@dataclass(frozen=True, slots=True)
class Answer:
    """The body of an answer, and its content type in lower case."""

    body: bytes
    content_type: str


class SpeechVoice(OpenAIVoice):
    """Speaks with `/v1/audio/speech`."""

    kind, version = "openai-speech", 1

    def forecast(self, text: str, language: str) -> Usage:
        """See `Voice.forecast`."""
        return Usage(self.model, {"characters": float(len(text))})

    async def speak(self, utterance: Utterance) -> Sound:
        """See `OpenAIVoice.speak`."""
        if not self.speaks(utterance.language):
            raise LanguageNotSpoken
        meter = UsageMeter(self.forecast(utterance.text, utterance.language))
        with meter.attach_to_problems():
            try:
                voice = self.voices[utterance.speaker]
                request = Request(self.model, voice, utterance.text)
                answer = await self.calls.call_with_retries(
                    partial(request_speech, request), meter.add_cut_off_try
                )
            except ClipFailed:  # the server accepted the text, so it may charge for it
                meter.add_answer(None)
                raise
            units = meter.add_answer(None)
            return Sound(await anyio.to_thread.run_sync(to_pcm, answer), units=units)


async def request_speech(request: Request, client: "AsyncOpenAI") -> Answer:
    """Ask a server to speak.

    Raises ClipFailed as soon as the answer turns out not to be sound, or too long.
    """
    from openai import omit

    exchange = client.audio.speech.with_streaming_response.create(
        model=request.model,
        voice=request.voice,
        input=request.text,
        response_format=request.format,
        speed=omit if request.speed == 1 else request.speed,
    )
    async with exchange as response:
        content_type = response.headers.get("content-type", "").lower()
        for word, what in (("json", "JSON"), ("html", "a web page"), ("text/", "text")):
            if word in content_type:
                raise ClipFailed(NO_SOUND.format(what=what))
        body = bytearray()
        async for piece in response.iter_bytes():
            head_complete = len(body) >= HEAD
            body += piece
            if not head_complete:
                check_head(bytes(body[:HEAD]))
            if len(body) > MAX_BYTES:
                raise ClipFailed
    return Answer(bytes(body), content_type)


def check_head(head: bytes) -> None:
    """Raises ClipFailed for text, whatever the content type says."""
    if re.fullmatch(rb"\s*[{\[<][\x20-\x7e\s]*", head):
        raise ClipFailed(NO_SOUND.format(what="text"))


def to_pcm(answer: Answer, speed: float = 1.0) -> bytes:
    """The sound of an answer; see `decode`. Raises ClipFailed, to be tried again if the sound was cut off."""
    try:
        return decode(answer.body, answer.content_type, speed)
    except UnreadableSound as error:
        problem = ClipFailed(NO_SOUND.format(what=str(error)))
        problem.retries = 1 if isinstance(error, SoundCutOff) else 0
        raise problem from error

"""The voice of any server with OpenAI's `/v1/audio/speech`: Kokoro, speaches, LocalAI, OpenAI itself."""

import re
import struct
from functools import partial
from typing import TYPE_CHECKING

import anyio.to_thread

from audiobrew.audio import pcm
from audiobrew.audio.openai_voice import OpenAIVoice
from audiobrew.audio.voice import ClipFailed, LanguageNotSpoken, Sound, Utterance
from audiobrew.models.usage import Usage, UsageMeter

if TYPE_CHECKING:
    from openai import AsyncOpenAI

NO_SOUND = (
    "The voice's server answered with {what} instead of sound. Whoever runs this server: check"
    " OPENAI_BASE_URL and AUDIOBREW_VOICE_MODEL. Then retry this episode: finished parts are kept."
)
COMPRESSED = {b"ID3": "MP3", b"OggS": "Ogg", b"fLaC": "FLAC"}
HEAD = 32
"""Bytes that tell sound from text: as samples, so many printable ones in a row do not occur."""
MOST_BYTES = 600 * pcm.RATE * 2
"""Ten minutes: no utterance takes as long."""
MONO_PCM = (1, 1, 16)


class SpeechVoice(OpenAIVoice):
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
                raw, rate = await self.calls.call_with_retries(
                    partial(self._said, utterance), meter.add_cut_off_try
                )
            except ClipFailed:  # the server took the text, so it may bill it
                meter.add_answer(None)
                raise
            units = meter.add_answer(None)
            return Sound(await anyio.to_thread.run_sync(_as_pcm, raw, rate), units=units)

    async def _said(self, utterance: Utterance, client: "AsyncOpenAI") -> tuple[bytes, int]:
        """The body as it came, and the rate that its type tells. What is no sound is not read on."""
        asked = client.audio.speech.with_streaming_response.create(
            model=self.model,
            voice=self.voices[utterance.speaker],
            input=utterance.text,
            response_format="pcm",
        )
        async with asked as answer:
            kind = answer.headers.get("content-type", "").lower()
            _check_kind(kind)
            body = bytearray()
            async for piece in answer.iter_bytes():
                checked = len(body) >= HEAD
                body += piece
                if not checked:
                    _check_head(bytes(body[:HEAD]))
                if len(body) > MOST_BYTES:
                    raise ClipFailed
        return bytes(body), _rate(kind)


def _check_kind(kind: str) -> None:
    """Raises ClipFailed for types that are words."""
    for word, what in (("json", "JSON"), ("html", "a web page"), ("text/", "text")):
        if word in kind:
            raise ClipFailed(NO_SOUND.format(what=what))


def _check_head(head: bytes) -> None:
    """Raises ClipFailed for what is text, or compressed, whatever type it says it has."""
    for mark, what in COMPRESSED.items():
        if head.startswith(mark):
            raise ClipFailed(NO_SOUND.format(what=what))
    if re.fullmatch(rb"\s*[{\[<][\x20-\x7e\s]*", head):
        raise ClipFailed(NO_SOUND.format(what="text"))


def _rate(kind: str) -> int:
    told = re.search(r"rate=(\d{4,6})", kind)
    return int(told[1]) if told else pcm.RATE


def _as_pcm(raw: bytes, rate: int) -> bytes:
    """24 kHz, mono, 16 bit. Raises ClipFailed."""
    if raw[:4] == b"RIFF":
        raw, rate = _unwrapped(raw)
    whole = raw[: len(raw) & ~1]
    return whole if rate == pcm.RATE or not whole else pcm.render(whole, rate)


def _unwrapped(wav: bytes) -> tuple[bytes, int]:
    """The samples of a WAV and their rate. Streams do not know their sizes, so the last part may tell any."""
    place, rate = 12, 0
    while place + 8 <= len(wav):
        name, size = struct.unpack_from("<4sI", wav, place)
        place += 8
        if name == b"fmt " and size >= 16 and place + 16 <= len(wav):
            form, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", wav, place)
            if (form, channels, bits) != MONO_PCM:
                raise ClipFailed(NO_SOUND.format(what="a WAV that is not 16 bit mono"))
        if name == b"data" and rate >= 4000:
            unknown = size in (0, 0xFFFFFFFF)
            return wav[place:] if unknown else wav[place : place + size], rate
        place += size + size % 2
    raise ClipFailed(NO_SOUND.format(what="a broken WAV"))

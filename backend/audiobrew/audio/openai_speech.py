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
# The first bytes of compressed formats.
COMPRESSED = {b"ID3": "MP3", b"OggS": "Ogg", b"fLaC": "FLAC"}
# The first bytes of an answer, which are checked before the rest is read. Sound never begins with that
# many printable characters.
HEAD = 32
# Ten minutes of sound: no utterance takes that long.
MAX_BYTES = 600 * pcm.RATE * 2
# Format (PCM), channels and bits of a WAV file.
MONO_PCM = (1, 1, 16)


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
                raw, rate = await self.calls.call_with_retries(
                    partial(self._request, utterance), meter.add_cut_off_try
                )
            except ClipFailed:  # the server accepted the text, so it may charge for it
                meter.add_answer(None)
                raise
            units = meter.add_answer(None)
            return Sound(await anyio.to_thread.run_sync(to_pcm, raw, rate), units=units)

    async def _request(self, utterance: Utterance, client: "AsyncOpenAI") -> tuple[bytes, int]:
        """The body of the answer, and the sample rate in its content type.

        Raises ClipFailed as soon as the answer turns out not to be sound, or too long.
        """
        request = client.audio.speech.with_streaming_response.create(
            model=self.model,
            voice=self.voices[utterance.speaker],
            input=utterance.text,
            response_format="pcm",
        )
        async with request as response:
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
        rate = re.search(r"rate=(\d{4,6})", content_type)
        return bytes(body), int(rate[1]) if rate else pcm.RATE


def check_head(head: bytes) -> None:
    """Raises ClipFailed for text and for compressed sound, whatever the content type says."""
    for mark, what in COMPRESSED.items():
        if head.startswith(mark):
            raise ClipFailed(NO_SOUND.format(what=what))
    if re.fullmatch(rb"\s*[{\[<][\x20-\x7e\s]*", head):
        raise ClipFailed(NO_SOUND.format(what="text"))


def to_pcm(body: bytes, rate: int) -> bytes:
    """An answer's sound as PCM at 24 kHz, mono, 16 bit. Raises ClipFailed."""
    if body[:4] == b"RIFF":
        body, rate = samples_of_wav(body)
    samples = body[: len(body) & ~1]
    return samples if rate == pcm.RATE or not samples else pcm.render(samples, rate)


def samples_of_wav(wav: bytes) -> tuple[bytes, int]:
    """The samples of a WAV file and their rate. Raises ClipFailed.

    A server that streams does not know the size of the data chunk and writes 0 or the largest number instead.
    """
    place, rate = 12, 0
    while place + 8 <= len(wav):
        name, size = struct.unpack_from("<4sI", wav, place)
        place += 8
        if name == b"fmt " and size >= 16 and place + 16 <= len(wav):
            format, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", wav, place)
            if (format, channels, bits) != MONO_PCM:
                raise ClipFailed(NO_SOUND.format(what="a WAV that is not 16 bit mono"))
        if name == b"data" and rate >= 4000:
            unknown = size in (0, 0xFFFFFFFF)
            return wav[place:] if unknown else wav[place : place + size], rate
        place += size + size % 2
    raise ClipFailed(NO_SOUND.format(what="a broken WAV"))

"""Real speech for any text, spoken by AudioBrew's espeak voice."""

import struct

from audiobrew.audio.espeak import EspeakVoice
from audiobrew.audio.voice import ClipFailed, Utterance
from audiobrew.lang.voice_sections import EspeakSettings
from audiobrew.mail.language import detect_language
from audiobrew.mail.mime.headers import Headers
from audiobrew.script.script import Speaker

RATE = 24_000
LOW = {"cedar", "ash", "echo", "onyx", "verse", "am_michael"}
SILENCE = bytes(RATE * 2)
_cache: dict[tuple[str, str], bytes] = {}
# Words per minute, about as fast as the voices of OpenAI for which AudioBrew knows the pace.
SPEED = 168


class QuickVoice(EspeakVoice):
    """AudioBrew's voice, which is slower in English."""

    def settings(self, language: str) -> EspeakSettings:
        settings = super().settings(language)
        return settings.model_copy(update={"speed": max(settings.speed, SPEED)})


_engine = QuickVoice()


async def speak(text: str, voice: str) -> bytes:
    """PCM (24 kHz, mono, 16 bit), or no bytes for a text that cannot be spoken."""
    key = (text, voice)
    if key not in _cache:
        _cache[key] = await _synthesize(text, voice)
    return _cache[key]


async def _synthesize(text: str, voice: str) -> bytes:
    language = detect_language([text], Headers(iter(())))
    speaker = Speaker.SECOND if voice in LOW else Speaker.FIRST
    language = language if _engine.speaks(language) else "en"
    try:
        return (await _engine.speak(Utterance((text,), speaker, language))).pcm
    except ClipFailed:
        return b""


def as_wav(pcm: bytes) -> bytes:
    """A WAV whose header has the sizes of a stream of unknown length, as these services send it."""
    unknown = 0xFFFFFFFF
    form = struct.pack("<HHIIHH", 1, 1, RATE, RATE * 2, 2, 16)
    head = b"RIFF" + struct.pack("<I", unknown) + b"WAVEfmt " + struct.pack("<I", 16) + form
    return head + b"data" + struct.pack("<I", unknown) + pcm

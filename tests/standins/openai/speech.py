"""Speech of a real shape for any text: spoken by the espeak voice that comes with AudioBrew."""

import struct

from audiobrew.audio.espeak import EspeakVoice
from audiobrew.audio.voice import ClipFailed, Utterance
from audiobrew.mail.language import detect_language
from audiobrew.mail.mime.headers import Headers
from audiobrew.script.script import Speaker

RATE = 24_000
LOW = {"cedar", "ash", "echo", "onyx", "verse", "am_michael"}
SILENCE = bytes(RATE * 2)
_spoken: dict[tuple[str, str], bytes] = {}
_engine = EspeakVoice()


async def spoken(text: str, voice: str) -> bytes:
    """PCM of 24 kHz, mono, 16 bit; nothing for a text that nobody can say."""
    key = (text, voice)
    if key not in _spoken:
        _spoken[key] = await _said(text, voice)
    return _spoken[key]


async def _said(text: str, voice: str) -> bytes:
    language = detect_language(text, Headers(iter(())))
    speaker = Speaker.SECOND if voice in LOW else Speaker.FIRST
    known = language if _engine.speaks(language) else "en"
    try:
        return (await _engine.speak(Utterance((text,), speaker, known))).pcm
    except ClipFailed:
        return b""


def as_wav(pcm: bytes) -> bytes:
    """With the sizes of a stream whose length nobody knows yet, as these services send them."""
    unknown = 0xFFFFFFFF
    form = struct.pack("<HHIIHH", 1, 1, RATE, RATE * 2, 2, 16)
    head = b"RIFF" + struct.pack("<I", unknown) + b"WAVEfmt " + struct.pack("<I", 16) + form
    return head + b"data" + struct.pack("<I", unknown) + pcm

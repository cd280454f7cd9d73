"""The voices of a server of one's own with OpenAI's `/v1/audio/speech`: Kokoro-FastAPI, speaches, LocalAI.

Such a server needs no key and costs nothing, unless the operator's own price table names its model. It is
asked for WAV, because that says its sample rate. `lang_code` is not sent: Kokoro-FastAPI takes it from the
voice's name.
"""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import anyio.to_thread

from audiobrew.audio import pcm
from audiobrew.audio.openai_speech import Request, request_speech, to_pcm
from audiobrew.audio.openai_voice import SPEECH_RATIO
from audiobrew.audio.server_voices import ServerVoices
from audiobrew.audio.voice import Cast, ClipFailed, LanguageNotSpoken, Sound, Utterance
from audiobrew.audio.voice_names import voice_parts
from audiobrew.lang.language import language_or_default
from audiobrew.lang.language_tag import base_code
from audiobrew.models.openai_client import (
    ModelUnavailable,
    OpenAIBadRequest,
    OpenAIBusy,
    OpenAICalls,
    OpenAIRefused,
)
from audiobrew.models.usage import Usage, UsageMeter
from audiobrew.problems import Problem

# Raise it when the same utterance would sound different.
VERSION = 1
# Characters per second in a language of which we know no pace.
UNKNOWN_PACE = 14.0
# Characters of one request. OpenAI's interface allows 4096.
MAX_TEXT = 2000
# Seconds of silence between the parts of a longer text.
PART_PAUSE = 0.12
# Nobody speaks faster than the usual pace by this factor: something was left out.
MAX_SPEED = 3.0
# Requests at the same time: a server on a processor would not answer more of them in time.
CALLS_AT_ONCE = 2
# Names from the server's lists that are shown, and their longest length.
MAX_NAMES, MAX_NAME = 8, 60


class VoiceServerFailed(Problem):
    """The voice's server cannot be used. Retry this episode later: finished parts are kept."""

    type = "voice-server-failed"
    status = HTTPStatus.BAD_GATEWAY


NOT_REACHED = (
    "The voice's server cannot be reached, is too busy or has an error. Retry this episode later: finished"
    " parts are kept. Whoever runs the service: `audiobrew doctor` checks AUDIOBREW_VOICE_URL."
)
NO_MODEL = (
    "The voice's server does not have the configured model. Whoever runs the service: `audiobrew doctor`"
    " checks AUDIOBREW_VOICE_MODEL."
)
NO_KEY = "The voice's server rejects the key of this service. Whoever runs it: check AUDIOBREW_VOICE_KEY."
REJECTED = (
    "The voice's server rejected a text or a voice. Whoever runs the service: `audiobrew doctor` checks"
    " AUDIOBREW_VOICES."
)
UNUSABLE = (
    "The voice's server gave {what} instead of speech, each time it was asked. Retry this episode: finished"
    " parts are kept."
)


class ServerVoice:
    """Speaks with the server that `calls` calls. `has_price`: the operator's price table has its model."""

    def __init__(
        self,
        calls: OpenAICalls,
        url: str,
        model: str,
        voices: ServerVoices,
        *,
        has_price: bool = False,
    ) -> None:
        self.calls, self.url, self.model, self.voices = calls, url, model, voices
        self.has_price = has_price

    @property
    def name(self) -> str:
        server = hashlib.sha256(self.url.encode()).hexdigest()[:8]
        return f"server-{self.model[:100]}-{server}-{self.voices.fingerprint}-{VERSION}"

    @property
    def languages(self) -> list[str]:
        """The languages that the setting names."""
        return list(self.voices.by_language) or ["en"]

    def speaks(self, language: str) -> bool:
        """See `Voice.speaks`."""
        if base_code(language) in self.voices.by_language:
            return True
        has_pace = language_or_default(base_code(language)).voices.openai_pace is not None
        return has_pace and self.voices.everywhere is not None

    def pace(self, language: str) -> float:
        """See `Voice.pace`. Only to begin with: measured paces replace it."""
        if not self.speaks(language):
            raise LanguageNotSpoken
        return language_or_default(base_code(language)).voices.openai_pace or UNKNOWN_PACE

    def speech_pace(self, language: str) -> float:
        """See `Voice.speech_pace`."""
        return self.pace(language) * SPEECH_RATIO

    def cast(self, language: str) -> Cast:
        """See `Voice.cast`."""
        hosts = self.voices.of_language(language) if self.speaks(language) else None
        if hosts is None:
            raise LanguageNotSpoken
        return Cast(hosts[0].person, hosts[1].person)

    def forecast(self, text: str, language: str) -> Usage | None:
        """See `Voice.forecast`."""
        return Usage(self.model, {"characters": float(len(text))}) if self.has_price else None

    async def speak(self, utterance: Utterance) -> Sound:
        """See `Voice.speak`. Raises VoiceServerFailed, and what the budget raises."""
        pace = self.pace(utterance.language)
        usage = Usage(self.model, {"characters": float(len(utterance.text))})
        meter = UsageMeter(usage)
        with meter.attach_to_problems(), as_server_problems():
            parts = [
                await self._speak_part(part, utterance, meter)
                for part in split_text(utterance.text)
            ]
            units = meter.add_answer(None)
            sound = pcm.silence(PART_PAUSE).join(parts)
            await anyio.to_thread.run_sync(check_speech, sound, utterance.text, pace)
        return Sound(sound, units=units if self.has_price else None)

    async def _speak_part(self, text: str, utterance: Utterance, meter: UsageMeter) -> bytes:
        voice = self.voices.host(utterance.language, utterance.speaker)
        assert voice, "`pace` has checked the language"
        request = Request(voice.model, voice.voice, text, "wav", 1 / voice.lower)
        answer = await self.calls.call_with_retries(
            partial(request_speech, request), meter.add_cut_off_try
        )
        return await anyio.to_thread.run_sync(partial(to_pcm, answer, voice.lower))

    async def check(self) -> None:
        """Check that the server answers and has the models and voices. Servers without lists are believed.

        Raises VoiceServerFailed.
        """
        with as_server_problems():
            models = names_of(await self.calls.find_json("/models"), "data")
            voices = names_of(await self.calls.find_json("/audio/voices"), "voices")
            for model in dict.fromkeys(voice.model for voice in self.voices.all):
                # Some servers know models by other names than they list.
                if (
                    models
                    and model not in models
                    and not await self.calls.find_json(f"/models/{model}")
                ):
                    raise VoiceServerFailed(
                        f"The server has no model {model}: AUDIOBREW_VOICE_MODEL. It has {examples(models)}."
                    )
        names = [part for voice in self.voices.all for part in voice_parts(voice.voice)]
        unknown = [name for name in dict.fromkeys(names) if name not in voices]
        if voices and unknown:
            raise VoiceServerFailed(
                f"The server has no voice {' or '.join(unknown)}: AUDIOBREW_VOICES."
                f" It has {examples(voices)}."
            )


def base_url(url: str) -> str:
    """The address of the interface: with `/v1` if it has no path."""
    return url.rstrip("/") if urlsplit(url).path.strip("/") else f"{url.rstrip('/')}/v1"


@contextmanager
def as_server_problems() -> Iterator[None]:
    """Raise the problems of calls as those of the voice's server, with their usage."""
    messages: dict[type[Problem], str] = {
        OpenAIBusy: NOT_REACHED,
        ModelUnavailable: NO_MODEL,
        OpenAIRefused: NO_KEY,
        OpenAIBadRequest: REJECTED,
    }
    try:
        yield
    except tuple(messages) as error:
        problem = VoiceServerFailed(messages[type(error)])
        problem.units = error.units
        raise problem from error


def split_text(text: str) -> list[str]:
    """What is printable of a text, in parts that a server accepts."""
    words = "".join(one if one.isprintable() else " " for one in text)
    parts = []
    while len(words) > MAX_TEXT:
        place = words.rfind(" ", 0, MAX_TEXT) + 1 or MAX_TEXT
        parts.append(words[:place])
        words = words[place:]
    return [part for part in (*parts, words) if any(one.isalnum() for one in part)] or [words]


def check_speech(sound: bytes, text: str, pace: float) -> None:
    """Raises ClipFailed, to be tried once more, for silence, noise and too little sound for a text."""
    audible = pcm.audible_intervals(sound)
    seconds = audible[-1].end - audible[0].start if audible else 0.0
    what = ""
    if not audible:
        what = "silence"
    elif seconds < len(text) / pace / MAX_SPEED:
        what = "too little sound"
    elif pcm.is_noise(sound):
        what = "noise"
    if what:
        problem = ClipFailed(UNUSABLE.format(what=what))
        problem.retries = 1
        raise problem


def names_of(answer: Any, key: str) -> list[str]:
    """The names in a server's list of models or voices, which are texts or objects with a name."""
    entries = answer.get(key) if isinstance(answer, Mapping) else answer
    names = []
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, Mapping):
            names += [entry[key] for key in ("id", "voice_id", "name") if key in entry]
        else:
            names.append(entry)
    return [name for name in names if isinstance(name, str)]


def examples(names: list[str]) -> str:
    """A few of the server's names, as text."""
    texts = ["".join(filter(str.isprintable, name))[:MAX_NAME] for name in dict.fromkeys(names)]
    more = f" and {len(texts) - MAX_NAMES} others" if len(texts) > MAX_NAMES else ""
    return ", ".join(texts[:MAX_NAMES]) + more

"""The process that speaks. `speech_process.py` starts and ends it.

It reads frames of JSON from its standard input and answers each with a frame: a line of JSON, then sound. An
engine is loaded for the first sentence that needs it.
"""

import json
import sys
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from audiobrew.audio.local.table import VoiceRow
from audiobrew.audio.local.weights import UnusableWeights
from audiobrew.ops.child_process import answer_frames
from audiobrew.script.script import Speaker

if TYPE_CHECKING:
    from audiobrew.audio.local.speech import Engine


class Engines:
    """The engines of this process, with this many threads each."""

    def __init__(self, threads: int) -> None:
        self.threads = threads
        self.own: dict[str, Engine] = {}

    @cached_property
    def hibari(self) -> "Engine":
        from audiobrew.audio.local.hibari import HibariEngine

        return HibariEngine(self.threads)

    @cached_property
    def kokoro(self) -> "Engine":
        from audiobrew.audio.local.hibari import HibariEngine
        from audiobrew.audio.local.kokoro import KokoroEngine

        assert isinstance(self.hibari, HibariEngine)
        return KokoroEngine.of_packages(self.threads, self.hibari)

    @cached_property
    def pico(self) -> "Engine":
        from audiobrew.audio.local.pico import PicoEngine

        return PicoEngine(self.threads)

    def find(self, name: str) -> "Engine":
        """The engine of a row. That of a listener's own file is its kind and the file's path."""
        kind, _, path = name.partition(" ")
        if not path:
            return cast("Engine", getattr(self, kind))
        if name not in self.own:
            self.own[name] = self.open_own(kind, Path(path))
        return self.own[name]

    def open_own(self, kind: str, model: Path) -> "Engine":
        if kind == "piper":
            from audiobrew.audio.local.piper import PiperEngine

            return PiperEngine(self.threads, model)
        from audiobrew.audio.local.hibari import HibariEngine
        from audiobrew.audio.local.kokoro import KokoroEngine

        assert isinstance(self.hibari, HibariEngine)
        return KokoroEngine.of_files(self.threads, self.hibari, model)


def serve() -> None:
    """Speak until standard input ends. `sys.argv[1]` is the number of threads."""
    engines = Engines(int(sys.argv[1]))
    answer_frames(lambda request: answer(engines, json.loads(request)))


def answer(engines: Engines, request: dict[str, Any]) -> bytes:
    """The answer to a request: the starts of the sentences and their sound, or the problem."""
    from audiobrew.audio.local.speech import NotSpeech, speak_sentences, to_pcm

    row = VoiceRow(**{**request["row"], "host": Speaker(request["row"]["host"])})
    try:
        speech = speak_sentences(engines.find(row.engine), row, request["sentences"])
    except NotSpeech:
        return encode({"problem": "not speech"})
    except UnusableWeights as problem:
        return encode({"problem": "unusable", "reason": str(problem)})
    except ImportError as error:
        library = error.name or "a library"
        reason = f"{row.engine.partition(' ')[0]} cannot be loaded: {library} is missing or broken"
        return encode({"problem": "unusable", "reason": reason})
    return encode({"starts": speech.starts}, to_pcm(speech.sound))


def encode(fields: dict[str, Any], sound: bytes = b"") -> bytes:
    return json.dumps(fields).encode() + b"\n" + sound

"""The process that listens. `local_ear.py` starts and ends it.

It reads frames from its standard input, each a line of JSON and then sound, and answers each with a frame of
JSON. The recognizer is loaded for the first one.
"""

import json
import os
import sys
from functools import cache
from typing import TYPE_CHECKING

from audiobrew.audio.hearing.weights import RECOGNIZER
from audiobrew.audio.local.weights import UnusableWeights
from audiobrew.ops.child_process import answer_frames

if TYPE_CHECKING:
    from audiobrew.audio.hearing.whisper import Whisper


def serve() -> None:
    """Listen until standard input ends. `sys.argv[1]` is the number of threads."""
    # The weights are loaded from memory. A library that looks for others must not find a network.
    os.environ["HF_HUB_OFFLINE"] = "1"
    threads = int(sys.argv[1])
    answer_frames(lambda request: json.dumps(answer(request, threads)).encode())


def answer(request: bytes, threads: int) -> dict[str, str]:
    """What is heard, or why nothing is."""
    head, _, pcm = request.partition(b"\n")
    try:
        return {"text": load_recognizer(threads).hear(pcm, json.loads(head)["language"])}
    except UnusableWeights as problem:
        return {"problem": str(problem)}
    except ImportError as error:
        library = error.name or "a library"
        return {
            "problem": f"{library} of the recognizer is missing or broken: {RECOGNIZER.installation}"
        }


@cache
def load_recognizer(threads: int) -> "Whisper":
    """Raises UnusableWeights, ImportError."""
    from audiobrew.audio.hearing.whisper import Whisper

    return Whisper(threads)

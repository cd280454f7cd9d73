"""Asks the process that speaks. It is a process of its own, because the engines read hostile text; see
`ops/on_demand_process.py`. There is one for each server or worker.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from audiobrew.audio.local.table import VoiceRow
from audiobrew.audio.voice import ClipFailed, Sound, VoiceMissing, WordTime
from audiobrew.ops.on_demand_process import IDLE_SECONDS, CannotStart, OnDemandProcess

PROGRAM = "from audiobrew.audio.local.process import serve; serve()"
# Loading an engine on a busy machine, and then seconds for each character by a fast or a slow engine.
LOAD_SECONDS, FAST, SLOW = 60, 0.2, 1.0
# Longer than any utterance: twenty minutes of sound.
MAX_ANSWER_BYTES = 1200 * 48_000


@dataclass(eq=False)
class SpeechProcess:
    """The engines of a process with this many threads."""

    threads: int
    idle_seconds: float = IDLE_SECONDS
    command: tuple[str, ...] = (sys.executable, "-P", "-c", PROGRAM)
    process: OnDemandProcess = field(init=False)

    def __post_init__(self) -> None:
        command = (*self.command, str(self.threads))
        self.process = OnDemandProcess(command, self.idle_seconds)

    async def speak(self, row: VoiceRow, sentences: Sequence[str]) -> Sound:
        """The sound of an utterance, with the time of the first word of each sentence.

        Raises VoiceMissing if the engine cannot be loaded, and ClipFailed: for silence, noise and an engine
        that does not end; and, to be tried once more, if the process died.
        """
        request = json.dumps({"row": asdict(row), "sentences": sentences}).encode()
        seconds_per_character = SLOW if row.is_slow else FAST
        limit = LOAD_SECONDS + seconds_per_character * sum(map(len, sentences))
        try:
            frame = await self.process.ask(request, limit, MAX_ANSWER_BYTES)
        except CannotStart as error:
            raise VoiceMissing from error
        except (OSError, EOFError, ValueError) as error:  # a TimeoutError is an OSError
            problem = ClipFailed()
            problem.retries = 0 if isinstance(error, TimeoutError) else 1
            raise problem from error
        return sound_of(frame, sentences)

    async def aclose(self) -> None:
        await self.process.aclose()

    @property
    def running(self) -> bool:
        return self.process.pid is not None


def sound_of(frame: bytes, sentences: Sequence[str]) -> Sound:
    """The sound in an answer. Raises ClipFailed, VoiceMissing."""
    head, _, pcm = frame.partition(b"\n")
    fields = json.loads(head)
    if fields.get("problem") == "not speech":
        raise ClipFailed
    if fields.get("problem"):
        raise VoiceMissing(f"{fields['reason']}. Then run `audiobrew doctor`.")
    words, position = [], 0
    for start, sentence in zip(fields["starts"], sentences, strict=True):
        indent = len(sentence) - len(sentence.lstrip())
        first = sentence.split(maxsplit=1)[0]
        words.append(WordTime(start, position + indent, len(first)))
        position += len(sentence) + 1
    return Sound(pcm, tuple(words))

"""Listens with the recognizer of this machine, in a process of its own; see `ops/on_demand_process.py`.

There is one for each server or worker. It reads only sound, but it takes 300 MB and a processor for seconds.
"""

import json
import sys
from dataclasses import dataclass, field
from time import monotonic

from audiobrew.audio.hearing.ear import LANGUAGES, MAX_SECONDS, HearingFailed
from audiobrew.audio.pcm import RATE
from audiobrew.lang.language_tag import base_code
from audiobrew.ops.on_demand_process import IDLE_SECONDS, CannotStart, OnDemandProcess

PROGRAM = "from audiobrew.audio.hearing.process import serve; serve()"
# Loading the recognizer on a busy machine, and then as long as the sound lasts: ten times what it needs.
LOAD_SECONDS = 60.0
# On a machine that is too busy, each clip would wait for that time: so nobody listens for a while.
REST_SECONDS = 600.0
# Nobody says more in twenty minutes.
MAX_ANSWER_BYTES = 200_000


@dataclass(eq=False)
class LocalEar:
    """The recognizer in a process with this many threads.

    If it takes too long or does not start, it is left alone for `rest_seconds`.
    """

    threads: int
    load_seconds: float = LOAD_SECONDS
    rest_seconds: float = REST_SECONDS
    idle_seconds: float = IDLE_SECONDS
    command: tuple[str, ...] = (sys.executable, "-P", "-c", PROGRAM)
    process: OnDemandProcess = field(init=False)
    _rests_until: float = 0.0

    def __post_init__(self) -> None:
        command = (*self.command, str(self.threads))
        self.process = OnDemandProcess(command, self.idle_seconds)

    async def hear(self, pcm: bytes, language: str) -> str | None:
        """See `Ear.hear`."""
        code = base_code(language)
        if code not in LANGUAGES:
            return None
        seconds = len(pcm) / 2 / RATE
        if seconds > MAX_SECONDS:
            raise HearingFailed("the sound is too long")
        if monotonic() < self._rests_until:
            raise HearingFailed("the recognizer rests after a failure")
        request = json.dumps({"language": code}).encode() + b"\n" + pcm
        try:
            frame = await self.process.ask(request, self.load_seconds + seconds, MAX_ANSWER_BYTES)
            fields = json.loads(frame)
        except (CannotStart, TimeoutError) as error:
            self._rests_until = monotonic() + self.rest_seconds
            is_late = isinstance(error, TimeoutError)
            reason = "the recognizer took too long" if is_late else "the recognizer does not start"
            raise HearingFailed(reason) from error
        except (OSError, EOFError, ValueError) as error:
            raise HearingFailed("the recognizer died") from error
        if problem := fields.get("problem"):
            raise HearingFailed(problem)
        text: str = fields["text"]
        return text

    async def aclose(self) -> None:
        await self.process.aclose()

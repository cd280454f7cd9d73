"""What the service needs, each part tried for real: by `/ready` every now and then, by `doctor` at once."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from time import monotonic
from typing import TYPE_CHECKING, Protocol

from anyio import to_thread

from audiobrew.db.engine import is_migrated
from audiobrew.models.deprecations import end_of, ended, ends_soon
from audiobrew.problems import Problem

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    from audiobrew.models.openai_client import OpenAICalls
    from audiobrew.settings import Settings

FRESH_SECONDS = 30.0
"""So long an answer stands: whoever asks every second must not make vendors answer every second."""
AGAIN_SECONDS = 2.0
"""A bad one is asked again sooner, but not by everybody who waited for it."""
# Free on the disk of the data folder.
ENOUGH_MEGABYTES = 200
PATIENCE_SECONDS, PATIENT_SECONDS = 8.0, 40.0
"""How long a vendor may take: for a load balancer, and for somebody who sits in front of a slow machine."""


class State(StrEnum):
    READY = "ready"
    WARNING = "warning"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What was found of one part, in a sentence without a value of any setting that is secret."""

    name: str
    state: State
    told: str


class Named(Protocol):
    @property
    def name(self) -> str: ...


class Checked(Named, Protocol):
    async def check(self) -> None:
        """Whether it could do its work now. Raises Problem, OSError."""
        ...


class Checkable(Protocol):
    async def check(self) -> None:
        """Whether it could do its work now. Raises Problem, OSError."""
        ...


class Mailbox(Checkable, Protocol):
    @property
    def offered(self) -> bool: ...


class Ports(Protocol):
    """What is checked: a part of the ports that `wiring` opens."""

    @property
    def settings(self) -> "Settings": ...
    @property
    def database(self) -> "AsyncEngine": ...
    @property
    def media(self) -> Checked: ...
    @property
    def identity(self) -> Checked: ...
    @property
    def browser_key(self) -> Checkable | None: ...
    @property
    def calls(self) -> "OpenAICalls | None": ...
    @property
    def writer(self) -> Named: ...
    @property
    def voice(self) -> Named: ...
    @property
    def gmail(self) -> Mailbox: ...
    @property
    def checks(self) -> "HealthChecks": ...


_patience: ContextVar[float] = ContextVar("patience", default=PATIENCE_SECONDS)
Trial = Callable[[Ports], Awaitable[CheckResult]]


async def _database(ports: Ports) -> CheckResult:
    kind = "Postgres" if ports.settings.database_url else f"SQLite in {ports.settings.data}"
    if await is_migrated(ports.database):
        return CheckResult("database", State.READY, f"{kind}, up to date")
    told = f"{kind} does not answer, or not in this version's shape: run `audiobrew migrate`"
    return CheckResult("database", State.MISSING, told)


async def _data_folder(ports: Ports) -> CheckResult:
    return await to_thread.run_sync(data_folder, ports.settings)


def data_folder(settings: "Settings") -> CheckResult:
    """Whether there is room for another episode: said before an order is refused for the lack of it."""
    folder = settings.data.absolute()
    try:
        free = os.statvfs(folder)
    except OSError as error:
        return CheckResult("data folder", State.MISSING, f"{folder}: {_words(error)}")
    megabytes = free.f_bavail * free.f_frsize // 2**20
    told = f"{folder}, {megabytes:,} MB free"
    if megabytes >= ENOUGH_MEGABYTES:
        return CheckResult("data folder", State.READY, told)
    return CheckResult("data folder", State.MISSING, f"{told}: an episode may not fit")


async def _media(ports: Ports) -> CheckResult:
    return await _tried("media", ports.media.check, ports.media.name)


async def _sign_in(ports: Ports) -> CheckResult:
    return await _tried("sign-in", ports.identity.check, ports.identity.name)


async def _writer(ports: Ports) -> CheckResult:
    if ports.calls is None or ports.writer.name.startswith("extractive"):
        told = "extractive: sentences from the mails themselves, no model"
        return CheckResult("writer", State.READY, told)
    return await _model(ports, "writer", ports.settings.writer_model)


async def _voice(ports: Ports) -> CheckResult:
    if ports.calls is None or ports.voice.name.startswith("espeak"):
        if not ports.settings.brews:
            return CheckResult("voice", State.READY, "espeak, where the workers are")
        return await _tried("voice", ports.checks.try_voice, "espeak, on this machine")
    return await _model(ports, "voice", ports.settings.voice_model)


async def _model(ports: Ports, part: str, model: str) -> CheckResult:
    """Is it there, and until when? Asking for a model's name costs nothing."""
    if ended(model, datetime.now(UTC).date()):
        return CheckResult(
            part, State.MISSING, f"{model} ended on {end_of(model)}: set another model"
        )
    assert ports.calls
    calls = ports.calls
    found = await _tried(part, lambda: calls.offers(model), model)
    if found.state is State.READY and ends_soon(model, datetime.now(UTC).date()):
        told = f"{model} ends on {end_of(model)}: set another model before"
        return CheckResult(part, State.WARNING, told)
    return found


async def _gmail(ports: Ports) -> CheckResult:
    if not ports.gmail.offered:
        return CheckResult("gmail", State.READY, "not offered: mails come by upload")
    return await _tried("gmail", ports.gmail.check, "Google's consent page and Gmail")


async def _browser_key(ports: Ports) -> CheckResult:
    if ports.browser_key is None:
        told = "not needed: the terminal signs its listener in"
        return CheckResult("browser key", State.READY, told)
    return await _tried("browser key", ports.browser_key.check, "SUPABASE_PUBLISHABLE_KEY")


async def _tried(name: str, trial: Callable[[], Awaitable[None]], told: str) -> CheckResult:
    try:
        async with asyncio.timeout(_patience.get()):
            await trial()
    except TimeoutError:
        return CheckResult(name, State.MISSING, f"{told}: no answer within {_patience.get():.0f} s")
    except (Problem, OSError) as trouble:
        return CheckResult(name, State.MISSING, f"{told}: {_words(trouble)}")
    return CheckResult(name, State.READY, told)


def _words(trouble: Exception) -> str:
    return str(trouble) if isinstance(trouble, Problem) else type(trouble).__name__


# What is near is asked again after `again` seconds, what vendors say after `fresh` ones or when it was bad.
NOW: tuple[Trial, ...] = (_data_folder, _database, _media, _sign_in)
KEPT: tuple[Trial, ...] = (_browser_key, _writer, _voice, _gmail)


class HealthChecks:
    """However many ask at once and however often: each part is tried once in its interval, and they share
    the answer."""

    def __init__(
        self,
        try_voice: Callable[[], Awaitable[None]],
        fresh: float = FRESH_SECONDS,
        again: float = AGAIN_SECONDS,
    ) -> None:
        """`try_voice` speaks a word with this machine's own voice. Raises Problem."""
        self.try_voice = try_voice
        self._fresh, self._again = fresh, min(again, fresh)
        self._tried_at = -fresh
        self._found: list[CheckResult] = []
        self._near_at = -fresh
        self._near: list[CheckResult] = []
        self._trying = asyncio.Lock()

    async def findings(self, ports: Ports, patience: float = PATIENCE_SECONDS) -> list[CheckResult]:
        token = _patience.set(patience)
        try:
            async with self._trying:
                if monotonic() - self._near_at >= self._again:
                    self._near = await _all(NOW, ports)
                    self._near_at = monotonic()
                return [*self._near, *await self._kept(ports)]
        finally:
            _patience.reset(token)

    async def _kept(self, ports: Ports) -> list[CheckResult]:
        bad = any(one.state is State.MISSING for one in self._found)
        if monotonic() - self._tried_at >= (self._again if bad else self._fresh):
            self._found = await _all(KEPT, ports)
            self._tried_at = monotonic()
        return self._found


async def _all(trials: tuple[Trial, ...], ports: Ports) -> list[CheckResult]:
    return list(await asyncio.gather(*(trial(ports) for trial in trials)))

"""Health checks: whether each part that the service needs works. `/ready` and `audiobrew doctor` run them."""

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
from audiobrew.models.deprecations import end_of, ends_soon, has_ended
from audiobrew.models.openai_client import ModelUnavailable
from audiobrew.ops.certificates import CERTIFICATE_ERRORS, load_certificate
from audiobrew.problems import Problem

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    from audiobrew.models.openai_client import OpenAICalls
    from audiobrew.settings import Settings

# How long results are reused, so that frequent requests to `/ready` do not cause as many to vendors.
FRESH_SECONDS = 30.0
# A failed check is repeated sooner, but not for each request that waits for its result.
RETRY_SECONDS = 2.0
# Free space on the disk of the data folder.
MIN_FREE_MEGABYTES = 200
# How long a check may take: for a load balancer, and for `doctor` on a slow machine.
TIMEOUT_SECONDS = 8.0
DOCTOR_TIMEOUT_SECONDS = 40.0


class State(StrEnum):
    READY = "ready"
    WARNING = "warning"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The state of one part. `detail` is a sentence that contains no secret setting."""

    name: str
    state: State
    detail: str


class Named(Protocol):
    @property
    def name(self) -> str: ...


class Checkable(Protocol):
    async def check(self) -> None:
        """Check that this part could do its work now. Raises Problem, OSError."""
        ...


class NamedCheckable(Named, Checkable, Protocol):
    pass


class CheckableMailbox(Checkable, Protocol):
    @property
    def offered(self) -> bool:
        """Whether this service has the settings that connecting such a mailbox needs."""
        ...


class CheckedPorts(Protocol):
    """The part of `wiring.Ports` that is checked."""

    @property
    def settings(self) -> "Settings": ...
    @property
    def database(self) -> "AsyncEngine": ...
    @property
    def media(self) -> NamedCheckable: ...
    @property
    def identity(self) -> NamedCheckable: ...
    @property
    def browser_key(self) -> Checkable | None: ...
    @property
    def openai(self) -> "OpenAICalls | None": ...
    @property
    def writer(self) -> Named: ...
    @property
    def voice(self) -> Named: ...
    @property
    def gmail(self) -> CheckableMailbox: ...
    @property
    def health_checks(self) -> "HealthChecks": ...


# The voices that need no account, by the beginning of their names.
LOCAL_VOICES = {"espeak": "espeak", "local": "natural voices and espeak"}
_timeout: ContextVar[float] = ContextVar("timeout", default=TIMEOUT_SECONDS)
Check = Callable[[CheckedPorts], Awaitable[CheckResult]]


async def check_database(ports: CheckedPorts) -> CheckResult:
    kind = "Postgres" if ports.settings.database_url else f"SQLite in {ports.settings.data}"
    if await is_migrated(ports.database):
        return CheckResult("database", State.READY, f"{kind}, up to date")
    detail = f"{kind} does not answer, or is not migrated to this version: run `audiobrew migrate`"
    return CheckResult("database", State.MISSING, detail)


async def check_data_folder(ports: CheckedPorts) -> CheckResult:
    return await to_thread.run_sync(data_folder_result, ports.settings)


def data_folder_result(settings: "Settings") -> CheckResult:
    """Whether the disk has room for another episode. Orders are refused if it has not."""
    folder = settings.data.absolute()
    try:
        usage = os.statvfs(folder)
    except OSError as error:
        return CheckResult("data folder", State.MISSING, f"{folder}: {error_text(error)}")
    megabytes = usage.f_bavail * usage.f_frsize // 2**20
    detail = f"{folder}, {megabytes:,} MB free"
    if megabytes >= MIN_FREE_MEGABYTES:
        return CheckResult("data folder", State.READY, detail)
    return CheckResult("data folder", State.MISSING, f"{detail}: too little for an episode")


async def check_media(ports: CheckedPorts) -> CheckResult:
    return await run_check("media", ports.media.check, ports.media.name)


async def check_sign_in(ports: CheckedPorts) -> CheckResult:
    return await run_check("sign-in", ports.identity.check, ports.identity.name)


async def check_addresses(ports: CheckedPorts) -> CheckResult:
    return await to_thread.run_sync(addresses_result, ports.settings)


def addresses_result(settings: "Settings") -> CheckResult:
    """How mails to own addresses arrive."""
    name = "addresses"
    if settings.mail_domain is None:
        return CheckResult(name, State.READY, "not offered: AUDIOBREW_MAIL_DOMAIN is not set")
    ways = list(settings.inbound_providers)
    state = State.READY
    if settings.smtp_listen:
        problem, encryption = check_certificate(settings)
        ways.insert(0, f"SMTP on {settings.smtp_listen}, {encryption}")
        state = State.WARNING if problem else State.READY
    if not ways:
        detail = (
            f"at {settings.mail_domain}, but nothing receives emails: set AUDIOBREW_SMTP_LISTEN or the"
            " secret of a provider"
        )
        return CheckResult(name, State.WARNING, detail)
    return CheckResult(name, state, f"at {settings.mail_domain}, by {'; '.join(ways)}")


def check_certificate(settings: "Settings") -> tuple[bool, str]:
    """Whether the certificate for SMTP cannot be read, and how emails arrive."""
    if settings.smtp_certificate is None or settings.smtp_key is None:
        return False, "without encryption"
    try:
        load_certificate(settings.smtp_certificate, settings.smtp_key)
    except CERTIFICATE_ERRORS as error:
        kind = type(error).__name__
        return True, f"without encryption: the certificate cannot be read ({kind})"
    return False, "with STARTTLS"


async def check_writer(ports: CheckedPorts) -> CheckResult:
    if ports.openai is None or ports.writer.name.startswith("extractive"):
        detail = "extractive: sentences from the mails themselves, no model"
        return CheckResult("writer", State.READY, detail)
    return await check_model(ports, "writer", ports.settings.writer_model)


async def check_voice(ports: CheckedPorts) -> CheckResult:
    kind = ports.voice.name.partition("-")[0]
    if kind in LOCAL_VOICES:
        if not ports.settings.brews:
            return CheckResult("voice", State.READY, f"{LOCAL_VOICES[kind]}, on the workers")
        try_voice = ports.health_checks.try_voice
        return await run_check("voice", try_voice, f"{LOCAL_VOICES[kind]}, on this machine")
    if ports.settings.has_voice_server:
        description = f"{ports.settings.voice_model}, on a server of your own"
        if not ports.settings.brews:
            return CheckResult("voice", State.READY, f"{description}, which the workers use")
        return await run_check("voice", ports.health_checks.try_voice, description)
    return await check_model(ports, "voice", ports.settings.voice_model)


async def check_model(ports: CheckedPorts, part: str, model: str) -> CheckResult:
    """Whether OpenAI offers this model, and until when. The request for it costs nothing.

    OpenAI's answer may name the model's last day; otherwise the announced one in our table counts.
    """
    assert ports.openai
    openai, end = ports.openai, end_of(model)
    remedy = f"choose another with AUDIOBREW_{part.upper()}_MODEL"

    async def ask() -> None:
        nonlocal end
        try:
            end = await openai.shutdown_date(model) or end
        except ModelUnavailable as error:
            raise ModelUnavailable(f"OpenAI does not offer it to this key: {remedy}") from error

    today = datetime.now(UTC).date()
    result = await run_check(part, ask, model)
    if end and has_ended(end, today):
        return CheckResult(part, State.MISSING, f"{model} was shut down on {end}: {remedy}")
    if result.state is State.READY and end and ends_soon(end, today):
        return CheckResult(part, State.WARNING, f"{model} will be shut down on {end}: {remedy}")
    return result


async def check_gmail(ports: CheckedPorts) -> CheckResult:
    if not ports.gmail.offered:
        return CheckResult("gmail", State.READY, "not offered: mails come by upload")
    return await run_check("gmail", ports.gmail.check, "Google's consent page and Gmail")


async def check_browser_key(ports: CheckedPorts) -> CheckResult:
    if ports.browser_key is None:
        detail = "not needed: listeners sign in with a link from the terminal"
        return CheckResult("browser key", State.READY, detail)
    return await run_check("browser key", ports.browser_key.check, "SUPABASE_PUBLISHABLE_KEY")


async def run_check(
    name: str, check: Callable[[], Awaitable[None]], description: str
) -> CheckResult:
    try:
        async with asyncio.timeout(_timeout.get()):
            await check()
    except TimeoutError:
        detail = f"{description}: no answer within {_timeout.get():.0f} s"
        return CheckResult(name, State.MISSING, detail)
    except (Problem, OSError) as error:
        return CheckResult(name, State.MISSING, f"{description}: {error_text(error)}")
    return CheckResult(name, State.READY, description)


def error_text(error: Exception) -> str:
    return str(error) if isinstance(error, Problem) else type(error).__name__


# The checks of what we run ourselves, and of vendors.
OWN_CHECKS: tuple[Check, ...] = (
    check_data_folder,
    check_database,
    check_media,
    check_sign_in,
    check_addresses,
)
VENDOR_CHECKS: tuple[Check, ...] = (check_browser_key, check_writer, check_voice, check_gmail)


class HealthChecks:
    """Runs the checks and shares their results among all callers."""

    def __init__(
        self,
        try_voice: Callable[[], Awaitable[None]],
        fresh_seconds: float = FRESH_SECONDS,
        retry_seconds: float = RETRY_SECONDS,
    ) -> None:
        """`try_voice` tries a voice that is not OpenAI's. Raises Problem.

        Our own parts are checked again after `retry_seconds`; vendors after `fresh_seconds`, or after
        `retry_seconds` if one of them failed.
        """
        self.try_voice = try_voice
        self._fresh_seconds, self._retry_seconds = fresh_seconds, min(retry_seconds, fresh_seconds)
        self._own_checked_at = -fresh_seconds
        self._own_results: list[CheckResult] = []
        self._vendors_checked_at = -fresh_seconds
        self._vendor_results: list[CheckResult] = []
        self._lock = asyncio.Lock()

    async def run(
        self, ports: CheckedPorts, timeout_seconds: float = TIMEOUT_SECONDS
    ) -> list[CheckResult]:
        """One result per check. Each check may take `timeout_seconds`."""
        token = _timeout.set(timeout_seconds)
        try:
            async with self._lock:
                if monotonic() - self._own_checked_at >= self._retry_seconds:
                    self._own_results = await run_together(OWN_CHECKS, ports)
                    self._own_checked_at = monotonic()
                failed = any(result.state is State.MISSING for result in self._vendor_results)
                interval = self._retry_seconds if failed else self._fresh_seconds
                if monotonic() - self._vendors_checked_at >= interval:
                    self._vendor_results = await run_together(VENDOR_CHECKS, ports)
                    self._vendors_checked_at = monotonic()
                return [*self._own_results, *self._vendor_results]
        finally:
            _timeout.reset(token)


async def run_together(checks: tuple[Check, ...], ports: CheckedPorts) -> list[CheckResult]:
    return list(await asyncio.gather(*(check(ports) for check in checks)))

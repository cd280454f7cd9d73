"""Calls to OpenAI or a compatible server: one client, a limit of calls at once, retries, clear problems."""

import asyncio
import binascii
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import date
from http import HTTPStatus
from json import JSONDecodeError
from typing import TYPE_CHECKING, TypeVar

import structlog

from audiobrew.models.usage import check_before_send, check_before_try, reserve_another_try
from audiobrew.ops.calls import RetryableError, backoff, parse_retry_after, retry
from audiobrew.problems import Problem

if TYPE_CHECKING:
    from httpx2 import Request
    from openai import AsyncOpenAI

RETRIES = 4
# Seconds between tries, and the share by which a wait may be shortened.
FIRST_WAIT, LONGEST_WAIT, JITTER = 0.5, 8.0, 0.25
# Seconds. If the server asks for a longer wait than this, we give up.
LONGEST_RETRY_AFTER = 120.0
MODEL_GONE_CODES = {"model_not_found", "model_not_available", "invalid_model"}
# Statuses that a proxy may send while the server goes on with the call and bills it.
MAYBE_BILLED_STATUSES = {408, 502, 504, 520, 522, 524}
# What a server answers that does not have an address.
NO_SUCH_ADDRESS = {404, 405, 501}
# At debug level these log whole requests, including keys and mail text.
VERBOSE_LOGGERS = ("openai", "httpx2", "httpcore2", "websockets")

Result = TypeVar("Result")
log = structlog.get_logger()


class OpenAIRefused(Problem):
    """OpenAI rejects this server's key. The operator can check OPENAI_API_KEY with `audiobrew doctor`."""

    type = "open-a-i-refused"
    status = HTTPStatus.BAD_GATEWAY


class OpenAIQuotaExceeded(Problem):
    """This server's OpenAI account has no credit left. Retry when it has: finished parts are kept."""

    type = "open-a-i-unpaid"
    status = HTTPStatus.BAD_GATEWAY


class OpenAIBusy(Problem):
    """OpenAI cannot be reached or is too busy. Retry this episode later: finished parts are kept."""

    type = "open-a-i-busy"
    status = HTTPStatus.SERVICE_UNAVAILABLE


class ModelUnavailable(Problem):
    """OpenAI does not offer the configured model. The operator can check it with `audiobrew doctor`."""

    type = "model-gone"
    status = HTTPStatus.BAD_GATEWAY


class OpenAIBadRequest(Problem):
    """OpenAI rejected a request. The operator should check the log and the configured models."""

    type = "open-a-i-misunderstood"
    status = HTTPStatus.BAD_GATEWAY


class TryFailed(RetryableError):
    """A try failed for a reason that may pass.

    `cut_off`: the server may have worked on the call already, and may bill it.
    """

    def __init__(self, retry_after: float | None = None, *, cut_off: bool = False) -> None:
        super().__init__(retry_after or None)
        self.cut_off = cut_off


class OpenAICalls:
    """`at_once`: the number of concurrent calls, of writers and voices together.

    `seconds`: how long one call may take.
    """

    def __init__(self, key: str, url: str | None, at_once: int, seconds: float) -> None:
        self._key, self._url, self.seconds = key, url, seconds
        self._semaphore = asyncio.Semaphore(at_once)
        self._client: AsyncOpenAI | None = None

    @asynccontextmanager
    async def client(self) -> AsyncIterator["AsyncOpenAI"]:
        """The OpenAI client, once fewer than `at_once` calls are open. It does not retry by itself.

        Raises OpenAIRefused, OpenAIQuotaExceeded, OpenAIBusy, ModelUnavailable, OpenAIBadRequest.
        """
        async with self._semaphore:
            with _as_problems():
                yield self._get_client()

    async def call_with_retries(
        self, ask: "Callable[[AsyncOpenAI], Awaitable[Result]]", on_cut_off: Callable[[], None]
    ) -> Result:
        """Make a paid call, and retry it if it fails for a reason that may pass.

        `on_cut_off` is called for each failed try that may be billed. The next try is made only if the budget
        pays for both.

        Raises what `client` raises, and CapReached or DailyLimitReached.
        """

        async def call() -> Result:
            try:
                with _as_try_failed():
                    await check_before_try()
                    async with asyncio.timeout(self.seconds):
                        return await ask(client)
            except TryFailed as error:
                if error.cut_off:
                    on_cut_off()
                raise

        async def before_wait(error: Exception) -> None:
            if isinstance(error, TryFailed) and error.cut_off:
                await reserve_another_try()

        async with self.client() as client:
            try:
                return await retry(
                    call,
                    backoff(RETRIES, FIRST_WAIT, LONGEST_WAIT, JITTER),
                    TryFailed,
                    longest_retry_after=LONGEST_RETRY_AFTER,
                    before_wait=before_wait,
                )
            except TryFailed as error:
                raise OpenAIBusy from error

    async def shutdown_date(self, model: str) -> date | None:
        """The day on which OpenAI shuts the model down, if it names one. The request for it costs nothing.

        Raises what `client` raises: OpenAIRefused for a wrong key, ModelUnavailable if it is not offered.
        """
        async with self.client() as client:
            answer = await client.models.retrieve(model)
        # Compatible servers may leave the field out, or fill it as they like.
        with suppress(TypeError, ValueError):
            return date.fromisoformat(answer.shutdown_date or "")
        return None

    async def find_json(self, path: str) -> object | None:
        """The answer to a GET request, which costs nothing; None if the server has no such address.

        Raises what `client` raises.
        """
        from openai import APIStatusError

        async with self.client() as client:
            try:
                return await client.get(path, cast_to=object)
            except APIStatusError as error:
                if error.status_code in NO_SUCH_ADDRESS:
                    return None
                raise

    async def aclose(self) -> None:
        if self._client:
            await self._client.close()

    def _get_client(self) -> "AsyncOpenAI":
        if self._client is None:
            # Imported late: this takes a second, and many installations have no key.
            from openai import AsyncOpenAI, DefaultAsyncHttpxClient

            for name in VERBOSE_LOGGERS:
                logging.getLogger(name).setLevel(logging.WARNING)
            self._client = AsyncOpenAI(
                api_key=self._key,
                base_url=self._url,
                max_retries=0,
                timeout=self.seconds,
                http_client=DefaultAsyncHttpxClient(
                    event_hooks={"request": [_check_lock_before_send]}
                ),
            )
        return self._client


def error_for_code(code: str | None, *, has_begun: bool = False) -> Exception:
    """The exception for an error code that arrives within a realtime session.

    `has_begun`: the answer had begun, so its first part may be billed.
    """
    if code in MODEL_GONE_CODES:
        return ModelUnavailable()
    if code == "insufficient_quota":
        return OpenAIQuotaExceeded()
    if code in (None, "server_error", "rate_limit_exceeded", "session_expired"):
        return TryFailed(cut_off=has_begun)
    log.warning("openai.misunderstood", code=_safe(code))
    return OpenAIBadRequest()


async def _check_lock_before_send(request: "Request") -> None:
    """Connecting takes a while, so the lock is checked again just before the request's head is sent."""

    async def trace(event: str, _: object) -> None:
        if event.endswith("send_request_headers.started"):
            await check_before_send()

    request.extensions = {**request.extensions, "trace": trace}


@contextmanager
def _as_problems() -> Iterator[None]:
    """Raise the library's errors as our problems."""
    from openai import APIConnectionError, APIStatusError

    try:
        yield
    except APIStatusError as error:
        problem = _problem_for_status(error.status_code, error.code)
        if isinstance(problem, OpenAIBadRequest):
            log.warning(
                "openai.misunderstood",
                status=error.status_code,
                code=_safe(error.code),
                param=_safe(error.param),
            )
            raise problem from None  # the error text may quote what was sent
        raise problem from error
    except APIConnectionError as error:  # timeouts too
        raise OpenAIBusy from error


def _problem_for_status(status: int, code: object) -> Problem:
    code = code if isinstance(code, str) else None  # compatible servers send numbers as well
    if code == "insufficient_quota":
        return OpenAIQuotaExceeded()
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return OpenAIRefused()
    if status == HTTPStatus.NOT_FOUND or code in MODEL_GONE_CODES:
        return ModelUnavailable()
    busy = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS)
    return OpenAIBusy() if status in busy or status >= 500 else OpenAIBadRequest()


def _safe(value: object) -> str | None:
    """The value if it looks like the name of a parameter or a code, not like a sentence."""
    name = str(value)
    return name if value and re.fullmatch(r"[A-Za-z0-9_.\[\]]{1,60}", name) else None


@contextmanager
def _as_try_failed() -> Iterator[None]:
    """Raise errors that may pass as TryFailed."""
    from httpx2 import TransportError
    from openai import APIConnectionError, APIStatusError, WebSocketConnectionClosedError
    from websockets.exceptions import InvalidStatus, WebSocketException

    broken_answer = (JSONDecodeError, UnicodeDecodeError, binascii.Error)
    broken_connection = (WebSocketException, WebSocketConnectionClosedError, TransportError)
    try:
        yield
    except APIStatusError as error:
        if not isinstance(_problem_for_status(error.status_code, error.code), OpenAIBusy):
            raise
        cut_off = error.status_code in MAYBE_BILLED_STATUSES
        raise TryFailed(_retry_after(error.response.headers), cut_off=cut_off) from error
    except InvalidStatus as error:
        problem = _problem_for_status(error.response.status_code, _error_code(error.response.body))
        if not isinstance(problem, OpenAIBusy):
            raise problem from error
        raise TryFailed(_retry_after(error.response.headers)) from error
    except (
        *broken_connection,
        *broken_answer,
        APIConnectionError,
        OSError,
    ) as error:  # timeouts too
        if isinstance(error.__cause__, Problem):  # a check stopped it before it was sent
            raise error.__cause__ from None
        raise TryFailed(cut_off=_may_have_arrived(error)) from error


def _may_have_arrived(error: Exception) -> bool:
    """Whether a call that failed may have reached the server."""
    from httpx2 import ConnectError, ConnectTimeout, PoolTimeout
    from websockets.exceptions import InvalidHandshake

    never_sent = (
        ConnectError,
        ConnectTimeout,
        PoolTimeout,
        InvalidHandshake,
        ConnectionRefusedError,
    )
    return not isinstance(error, never_sent) and not isinstance(error.__cause__, never_sent)


def _error_code(body: bytes | None) -> str | None:
    match = re.search(rb'"code"\s*:\s*"([a-z_]{1,60})"', body or b"")
    return match[1].decode() if match else None


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds to wait: from OpenAI's Retry-After-Ms, else from Retry-After."""
    milliseconds = headers.get("Retry-After-Ms", "")
    if re.fullmatch(r"\d{1,9}(\.\d+)?", milliseconds):
        return float(milliseconds) / 1000
    return parse_retry_after(headers.get("Retry-After"))

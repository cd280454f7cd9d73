"""Calls to OpenAI, or a server that speaks like it: one client, so many at once, troubles in words."""

import asyncio
import binascii
import logging
import random
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from json import JSONDecodeError
from typing import TYPE_CHECKING, TypeVar

import structlog

from audiobrew.models.usage import check_before_send, check_before_try, reserve_another_try
from audiobrew.problems import Problem

if TYPE_CHECKING:
    from httpx2 import Request
    from openai import APIStatusError, AsyncOpenAI

RETRIES = 4
FIRST_WAIT, LONGEST_WAIT = 0.5, 8.0
"""Seconds between tries, doubled each time; less by up to a quarter, so that callers part."""
LONGEST_ASKED_FOR = 120.0
"""A server that asks for more patience than this is not waited for."""
GOING_AWAY = {"model_not_found", "model_not_available", "invalid_model"}
MAYBE_ANSWERED = {408, 502, 504, 520, 522, 524}
"""From something between us and the server, which may have gone on and want to be paid."""
WORDY = ("openai", "httpx2", "httpcore2", "websockets")
"""At their most talkative these log whole requests: keys, and what mails say."""

Told = TypeVar("Told")
log = structlog.get_logger()


class OpenAIRefused(Problem):
    """OpenAI does not accept the key. Whoever runs this: check OPENAI_API_KEY with `audiobrew doctor`."""

    type = "open-a-i-refused"
    status = HTTPStatus.BAD_GATEWAY


class OpenAIUnpaid(Problem):
    """The OpenAI account of this server has no credit left. Once it has, retry: finished parts are kept."""

    type = "open-a-i-unpaid"
    status = HTTPStatus.BAD_GATEWAY


class OpenAIBusy(Problem):
    """OpenAI cannot be reached or is too busy. Retry this episode later: finished parts are kept."""

    type = "open-a-i-busy"
    status = HTTPStatus.SERVICE_UNAVAILABLE


class ModelGone(Problem):
    """OpenAI does not offer the model that is set. Whoever runs this: see `audiobrew doctor`."""

    type = "model-gone"
    status = HTTPStatus.BAD_GATEWAY


class OpenAIMisunderstood(Problem):
    """OpenAI did not take a request. Whoever runs this: see the log, and check the models that are set."""

    type = "open-a-i-misunderstood"
    status = HTTPStatus.BAD_GATEWAY


class TryAgain(Exception):
    """This try failed for a reason that may pass. `wait`: seconds that the server asks for, if it does.

    `cut_off`: the server may have been at work on it already, and may want to be paid.
    """

    def __init__(self, wait: float | None = None, *, cut_off: bool = False) -> None:
        super().__init__()
        self.wait, self.cut_off = wait, cut_off


class OpenAICalls:
    """`at_once`: calls in flight, of writers and voices together. `seconds`: the longest one may take."""

    def __init__(self, key: str, url: str | None, at_once: int, seconds: float) -> None:
        self._key, self._url, self.seconds = key, url, seconds
        self._room = asyncio.Semaphore(at_once)
        self._client: AsyncOpenAI | None = None

    @asynccontextmanager
    async def turn(self) -> AsyncIterator["AsyncOpenAI"]:
        """The client, once there is room for a call. It tries nothing again by itself.

        Raises OpenAIRefused, OpenAIUnpaid, OpenAIBusy, ModelGone, OpenAIMisunderstood.
        """
        async with self._room:
            with _in_words():
                yield self._opened()

    async def tried(
        self, ask: "Callable[[AsyncOpenAI], Awaitable[Told]]", cut_off: Callable[[], None]
    ) -> Told:
        """A turn for what is paid. `cut_off` is told of each try that may have cost something for nothing:
        the next one is made only when there is money for both.

        Raises as `turn` does, and as `reserve_another_try`.
        """
        async with self.turn() as client:
            for number in range(RETRIES + 1):
                try:
                    return await self._once(ask, client)
                except TryAgain as failed:
                    if failed.cut_off:
                        cut_off()
                    if number == RETRIES or (failed.wait or 0) > LONGEST_ASKED_FOR:
                        raise OpenAIBusy from failed
                    if failed.cut_off:
                        await reserve_another_try()
                    await asyncio.sleep(_wait(number, failed.wait))
        raise AssertionError("every try returns or raises")

    async def offers(self, model: str) -> None:
        """Whether the key is taken and the model is there. Raises as `turn` does."""
        async with self.turn() as client:
            await client.models.retrieve(model)

    async def aclose(self) -> None:
        if self._client:
            await self._client.close()

    async def _once(
        self, ask: "Callable[[AsyncOpenAI], Awaitable[Told]]", client: "AsyncOpenAI"
    ) -> Told:
        with _again():
            await check_before_try()
            async with asyncio.timeout(self.seconds):
                return await ask(client)

    def _opened(self) -> "AsyncOpenAI":
        if self._client is None:
            # takes a second: not everybody has a key
            from openai import AsyncOpenAI, DefaultAsyncHttpxClient

            for name in WORDY:
                logging.getLogger(name).setLevel(logging.WARNING)
            self._client = AsyncOpenAI(
                api_key=self._key,
                base_url=self._url,
                max_retries=0,
                timeout=self.seconds,
                http_client=DefaultAsyncHttpxClient(event_hooks={"request": [_check_clearance]}),
            )
        return self._client


def failure(code: str | None, *, answering: bool = False) -> Exception:
    """What an error that is told inside of a session means, by its code. `answering`: the answer had
    begun, so that what there was of it may be billed."""
    if code in GOING_AWAY:
        return ModelGone()
    if code == "insufficient_quota":
        return OpenAIUnpaid()
    if code in (None, "server_error", "rate_limit_exceeded", "session_expired"):
        return TryAgain(cut_off=answering)
    log.warning("openai.misunderstood", code=_safe(code))
    return OpenAIMisunderstood()


def _wait(number: int, asked_for: float | None) -> float:
    if asked_for:
        return asked_for
    shorter = random.uniform(0.75, 1.0)  # noqa: S311
    return shorter * min(FIRST_WAIT * 2.0**number, LONGEST_WAIT)


async def _check_clearance(request: "Request") -> None:
    """Connecting takes a while, so the claim is looked at as the request's head is about to be sent."""

    async def trace(event: str, _: object) -> None:
        if event.endswith("send_request_headers.started"):
            await check_before_send()

    request.extensions = {**request.extensions, "trace": trace}


@contextmanager
def _in_words() -> Iterator[None]:
    from openai import APIConnectionError, APIStatusError

    try:
        yield
    except APIStatusError as error:
        problem = _status(error.status_code, error.code)
        if isinstance(problem, OpenAIMisunderstood):
            _tell(error)
            raise problem from None  # its words may quote what was sent
        raise problem from error
    except APIConnectionError as error:  # timeouts too
        raise OpenAIBusy from error


def _status(status: int, code: str | None) -> Problem:
    if code == "insufficient_quota":
        return OpenAIUnpaid()
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return OpenAIRefused()
    if status == HTTPStatus.NOT_FOUND or code in GOING_AWAY:
        return ModelGone()
    busy = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS)
    return OpenAIBusy() if status in busy or status >= 500 else OpenAIMisunderstood()


def _tell(error: "APIStatusError") -> None:
    told = {"status": error.status_code, "code": _safe(error.code), "param": _safe(error.param)}
    log.warning("openai.misunderstood", **told)


def _safe(told: object) -> str | None:
    """Names of parameters and codes; nothing that could be a sentence."""
    name = str(told)
    return name if told and re.fullmatch(r"[A-Za-z0-9_.\[\]]{1,60}", name) else None


@contextmanager
def _again() -> Iterator[None]:
    """What of a call's troubles may pass."""
    from httpx2 import TransportError
    from openai import APIConnectionError, APIStatusError, WebSocketConnectionClosedError
    from websockets.exceptions import InvalidStatus, WebSocketException

    broken = (JSONDecodeError, UnicodeDecodeError, binascii.Error)
    passing = (WebSocketException, WebSocketConnectionClosedError, TransportError)
    try:
        yield
    except APIStatusError as error:
        if not isinstance(_status(error.status_code, error.code), OpenAIBusy):
            raise
        cut_off = error.status_code in MAYBE_ANSWERED
        raise TryAgain(_asked_for(error.response.headers), cut_off=cut_off) from error
    except InvalidStatus as error:
        problem = _status(error.response.status_code, _code(error.response.body))
        if not isinstance(problem, OpenAIBusy):
            raise problem from error
        raise TryAgain(_asked_for(error.response.headers)) from error
    except (*passing, *broken, APIConnectionError, OSError) as error:  # timeouts too
        if isinstance(error.__cause__, Problem):  # it was stopped before it was sent
            raise error.__cause__ from None
        raise TryAgain(cut_off=_arrived(error)) from error


def _arrived(error: Exception) -> bool:
    """Whether the server may have heard of a call that failed."""
    from httpx2 import ConnectError, ConnectTimeout, PoolTimeout
    from websockets.exceptions import InvalidHandshake

    never = (ConnectError, ConnectTimeout, PoolTimeout, InvalidHandshake, ConnectionRefusedError)
    return not isinstance(error, never) and not isinstance(error.__cause__, never)


def _code(body: bytes | None) -> str | None:
    found = re.search(rb'"code"\s*:\s*"([a-z_]{1,60})"', body or b"")
    return found[1].decode() if found else None


def _asked_for(headers: Mapping[str, str]) -> float | None:
    """Seconds, or a time as HTTP writes it; OpenAI also tells milliseconds, which are more exact."""
    for name, seconds in (("Retry-After-Ms", 0.001), ("Retry-After", 1.0)):
        told = headers.get(name, "")
        if re.fullmatch(r"\d{1,9}(\.\d+)?", told):
            return float(told) * seconds
    with suppress(ValueError):
        return max(0.0, (parsedate_to_datetime(told) - datetime.now(UTC)).total_seconds())
    return None

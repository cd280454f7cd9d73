"""Retrying one call, and making several calls at once."""

import asyncio
import random
import re
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import count, repeat
from math import inf
from typing import Any, TypeVar

Result = TypeVar("Result")


class RetryableError(Exception):
    """A call failed for a reason that may pass.

    `retry_after`: the seconds that the server asks us to wait, if it does.
    """

    def __init__(self, retry_after: float | None = None) -> None:
        super().__init__()
        self.retry_after = retry_after


def backoff(
    retries: int | None, first: float, longest: float = inf, jitter: float = 0.0
) -> Iterator[float]:
    """The seconds to wait before each retry, doubled each time. `retries` is None for no limit.

    Each wait is shortened by up to the share `jitter`, at random, so that callers do not all come back at
    once.
    """
    wait = first
    for _ in count() if retries is None else repeat(None, retries):
        yield min(wait, longest) * random.uniform(1 - jitter, 1)  # noqa: S311
        wait = min(wait * 2, longest)


def parse_retry_after(header: str | None) -> float | None:
    """The seconds in a `Retry-After` header, which has a number or an HTTP date. None without either."""
    if re.fullmatch(r"\d{1,9}(\.\d+)?", header or ""):
        return float(header or "")
    try:
        date = parsedate_to_datetime(header or "")
    except ValueError:
        return None
    return max(0.0, (date - datetime.now(UTC)).total_seconds()) if date.tzinfo else None


async def retry(
    call: Callable[[], Awaitable[Result]],
    waits: Iterable[float],
    *errors: type[Exception],
    longest_retry_after: float = inf,
    before_wait: Callable[[Exception], Awaitable[None]] | None = None,
) -> Result:
    """Repeat a call that raises one of `errors`, once for each of `waits`, after that many seconds.

    A RetryableError with `retry_after` is repeated after that time instead, or not at all if the time is
    longer than `longest_retry_after`. `before_wait` is called before each wait; an error that it raises ends
    the retries. Raises the last error of `call`.
    """
    remaining = iter(waits)
    while True:
        try:
            return await call()
        except errors as error:
            wait = next(remaining, None)
            retry_after = error.retry_after if isinstance(error, RetryableError) else None
            if wait is None or (retry_after or 0) > longest_retry_after:
                raise
            if before_wait:
                await before_wait(error)
        await asyncio.sleep(wait if retry_after is None else retry_after)


async def gather_all(calls: Iterable[Coroutine[Any, Any, Result]]) -> list[Result]:
    """Wait for all calls, then return their results in order, or raise the first error in order.

    Calls that are running when another one fails still finish, so that nothing they have paid for is lost.
    """
    results = await asyncio.gather(*calls, return_exceptions=True)
    values: list[Result] = []
    for result in results:
        if isinstance(result, BaseException):
            raise result
        values.append(result)
    return values

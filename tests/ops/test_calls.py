"""A call that may succeed later is repeated; of several calls, each ends before an error is raised."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import islice
from time import monotonic

import pytest
from audiobrew.ops.calls import RetryableError, backoff, gather_all, parse_retry_after, retry


class Call:
    """Raises these errors one after another, then returns the number of calls."""

    def __init__(self, *errors: Exception) -> None:
        self.errors, self.count = list(errors), 0

    async def __call__(self) -> int:
        self.count += 1
        if self.errors:
            raise self.errors.pop(0)
        return self.count


async def test_a_call_is_repeated_until_it_succeeds() -> None:
    assert await retry(Call(OSError(), ValueError()), [0, 0, 0], OSError, ValueError) == 3


async def test_the_last_error_is_raised() -> None:
    call = Call(OSError("first"), OSError("second"), OSError("third"))

    with pytest.raises(OSError, match="second"):
        await retry(call, [0], OSError)

    assert call.count == 2


async def test_another_error_is_not_retried() -> None:
    call = Call(ValueError())

    with pytest.raises(ValueError):
        await retry(call, [0], OSError)

    assert call.count == 1


async def test_the_server_says_how_long_to_wait() -> None:
    start = monotonic()

    assert await retry(Call(RetryableError(0.0)), [60], RetryableError) == 2
    assert await retry(Call(RetryableError(0.05)), [60], RetryableError) == 2

    assert 0.05 <= monotonic() - start < 30


async def test_a_wait_that_is_too_long_ends_the_retries() -> None:
    call = Call(RetryableError(9.0))

    with pytest.raises(RetryableError):
        await retry(call, [0, 0], RetryableError, longest_retry_after=8.0)

    assert call.count == 1


async def test_what_happens_before_a_wait_may_end_the_retries() -> None:
    call, reasons = Call(OSError(), OSError(), OSError()), list[Exception]()

    async def before_wait(error: Exception) -> None:
        reasons.append(error)
        if len(reasons) == 2:
            raise LookupError

    with pytest.raises(LookupError):
        await retry(call, [0] * 9, OSError, before_wait=before_wait)

    assert call.count == 2
    assert [type(reason) for reason in reasons] == [OSError, OSError]


async def test_a_call_that_is_cancelled_while_it_waits_is_not_repeated() -> None:
    call = Call(OSError())
    task = asyncio.create_task(retry(call, [60], OSError))
    await asyncio.sleep(0.01)
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task

    assert call.count == 1


def test_waits_double_up_to_the_longest() -> None:
    assert list(backoff(5, 0.5, 3.0)) == [0.5, 1.0, 2.0, 3.0, 3.0]
    assert list(backoff(0, 0.5)) == []
    assert list(islice(backoff(None, 1.0, 8.0), 5000))[-1] == 8.0


def test_jitter_shortens_waits() -> None:
    assert all(3.0 <= wait <= 4.0 for wait in backoff(200, 4.0, 4.0, jitter=0.25))
    assert len(set(backoff(200, 4.0, 4.0, jitter=0.25))) > 1


async def test_results_come_in_order() -> None:
    async def call(number: int) -> int:
        await asyncio.sleep((3 - number) * 0.01)
        return number

    assert await gather_all(call(number) for number in range(3)) == [0, 1, 2]


async def test_every_call_ends_before_the_first_error_is_raised() -> None:
    ends = []

    async def call(number: int) -> None:
        await asyncio.sleep(number * 0.01)
        ends.append(number)
        if number != 1:
            raise LookupError(number)

    with pytest.raises(LookupError, match="0"):
        await gather_all(call(number) for number in range(3))

    assert ends == [0, 1, 2]


async def test_cancelling_cancels_every_call() -> None:
    cancelled = []

    async def call(number: int) -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cancelled.append(number)
            raise

    task = asyncio.ensure_future(gather_all(call(number) for number in range(2)))
    await asyncio.sleep(0.01)
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task

    assert cancelled == [0, 1]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        ("0.5", 0.5),
        ("Fri, 31 Dec 1999 23:59:59 GMT", 0.0),  # a date that has passed
        ("Fri, 31 Dec 1999 23:59:59 -0000", None),  # a date without a time zone
        ("soon", None),
        ("-1", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_a_number_of_seconds_or_a_date(
    header: str | None, seconds: float | None
) -> None:
    assert parse_retry_after(header) == seconds


def test_a_date_in_retry_after_is_converted_to_seconds() -> None:
    in_a_minute = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)

    assert 55 < (parse_retry_after(in_a_minute) or 0) <= 60

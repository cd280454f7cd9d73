"""Calls to the Gmail API: each in a thread with a client of its own, tried again when that may help."""

import json
import logging
import random
import re
from binascii import Error as NotBase64
from collections.abc import Callable
from http import HTTPStatus
from http.client import HTTPException
from importlib.resources import files
from threading import Lock
from types import MappingProxyType
from typing import Any

import anyio
from anyio import CapacityLimiter, to_thread

from audiobrew.problems import Problem
from audiobrew.sources.gmail.connection import (
    GmailForbidden,
    GmailQuotaExceeded,
    GoogleRefused,
    GoogleUnavailable,
)
from audiobrew.sources.gmail.google import TokenRefused

THREADS = 16
TIMEOUT_SECONDS = 10
RETRIES, FIRST_WAIT = 3, 0.5
LONGEST_ASKED_FOR = 20.0
"""Seconds. Google may ask for more patience than a listener has."""
WORDY = ("googleapiclient", "google", "google_auth_httplib2")
"""These log what Google answered, addresses and all."""
SOON = {"rateLimitExceeded", "userRateLimitExceeded"}
SPENT = {"dailyLimitExceeded", "quotaExceeded"}
NOT_ASKED_FOR = {"insufficientPermissions"}
NOT_SET_UP = {"accessNotConfigured"}
NO_MAILBOX = {"failedPrecondition"}

BuildRequest = Callable[[Any], Any]
"""From `users()` of Gmail's API to a request that can be executed."""


class GmailNotFound(Exception):
    """Gmail has no such message, label or history."""


class RetryableError(Exception):
    """It may pass. `wait`: the seconds that Google asks for, if it does."""

    def __init__(self, wait: float | None = None) -> None:
        super().__init__()
        self.wait = wait


class GmailCalls:
    """`url`: where the Gmail API is instead, for who runs a stand-in."""

    def __init__(self, url: str | None) -> None:
        self._url = url
        self._threads = CapacityLimiter(THREADS)
        self._described: dict[str, Any] | None = None
        self._reading = Lock()

    async def call(self, token: str, ask: BuildRequest) -> dict[str, Any]:
        """Raises TokenRefused, GmailNotFound, GoogleUnavailable, GmailQuotaExceeded, GmailForbidden and
        GoogleRefused."""
        for number in range(RETRIES + 1):
            try:
                return await to_thread.run_sync(self._call, token, ask, limiter=self._threads)
            except RetryableError as failed:
                if number == RETRIES or (failed.wait or 0) > LONGEST_ASKED_FOR:
                    raise _away(failed.wait) from failed
                await anyio.sleep(_wait(number, failed.wait))
        raise AssertionError("every try returns or raises")

    def _call(self, token: str, ask: BuildRequest) -> dict[str, Any]:
        from googleapiclient.errors import HttpError
        from httplib2.error import HttpLib2Error

        try:
            with self._service(token) as service:
                answer: dict[str, Any] = ask(service.users()).execute()
        except HttpError as error:
            raise _meant(error.status_code, error.content, error.resp) from error
        except (HttpLib2Error, HTTPException, OSError, json.JSONDecodeError, NotBase64) as error:
            raise RetryableError from error
        return answer

    def _service(self, token: str) -> Any:
        """New for each call: its connection must not be shared between threads."""
        from google.oauth2.credentials import Credentials
        from google_auth_httplib2 import AuthorizedHttp
        from googleapiclient.discovery import build_from_document
        from httplib2 import Http

        plain = Http(timeout=TIMEOUT_SECONDS)
        plain.follow_redirects = False
        http = AuthorizedHttp(Credentials(token), http=plain, refresh_status_codes=())  # type: ignore[no-untyped-call]
        return build_from_document(self._description(), http=http)

    def _description(self) -> dict[str, Any]:
        """Gmail's API as the library describes it, read once."""
        with self._reading:
            if self._described is None:
                for name in WORDY:
                    logging.getLogger(name).setLevel(logging.CRITICAL)
                file = files("googleapiclient.discovery_cache.documents") / "gmail.v1.json"
                described = json.loads(file.read_text(encoding="utf-8"))
                here = {"rootUrl": f"{self._url}/"} if self._url else {}
                self._described = {**described, **here}
            return self._described


def _meant(status: int, content: bytes, headers: Any) -> Exception:
    reason = _reason(content)
    if status == HTTPStatus.UNAUTHORIZED or reason in NOT_ASKED_FOR:
        return TokenRefused()
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= 500 or reason in SOON:
        return RetryableError(_asked_for(headers.get("retry-after", "")))
    if reason in SPENT:
        return GmailQuotaExceeded()
    if status == HTTPStatus.FORBIDDEN or reason in NO_MAILBOX:
        return GoogleRefused() if reason in NOT_SET_UP else GmailForbidden()
    return GmailNotFound() if status in (400, 404) else GoogleUnavailable()


def _reason(content: bytes) -> str:
    """Google's own word for what is wrong; empty when something else than Google answered."""
    try:
        return str(json.loads(content)["error"]["errors"][0]["reason"])
    except (ValueError, LookupError, TypeError):
        return ""


def _asked_for(told: str) -> float | None:
    return float(told) if re.fullmatch(r"\d{1,6}", told) else None


def _wait(number: int, asked_for: float | None) -> float:
    shorter = random.uniform(0.75, 1.0)  # noqa: S311
    return asked_for if asked_for is not None else shorter * FIRST_WAIT * 2**number


def _away(asked_for: float | None) -> Problem:
    away = GoogleUnavailable()
    if asked_for:
        away.headers = MappingProxyType({"Retry-After": f"{asked_for:.0f}"})
    return away

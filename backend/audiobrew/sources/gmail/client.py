"""Calls to the Gmail API. Each runs in a thread with its own client, and is retried where that may help."""

import json
import logging
from binascii import Error as NotBase64
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from http.client import HTTPException
from importlib.resources import files
from threading import Lock
from types import MappingProxyType
from typing import Any

from anyio import CapacityLimiter, to_thread

from audiobrew.ops.calls import RetryableError, backoff, parse_retry_after, retry
from audiobrew.sources.gmail.connection import (
    GmailForbidden,
    GmailQuotaExceeded,
    GoogleRefused,
    GoogleUnavailable,
)
from audiobrew.sources.gmail.google import TokenRefused

MAX_THREADS = 16
TIMEOUT_SECONDS = 10
# Seconds before the first retry, and the share by which a wait may be shortened.
RETRIES, FIRST_WAIT, JITTER = 3, 0.5, 0.25
# The longest `Retry-After` that we wait for, in seconds; a listener is waiting for the response.
MAX_RETRY_AFTER = 20.0
# These loggers print Google's responses, which contain addresses.
VERBOSE_LOGGERS = ("googleapiclient", "google", "google_auth_httplib2")
# Reasons in Gmail's error responses, https://developers.google.com/workspace/gmail/api/guides/handle-errors
RATE_LIMIT_REASONS = {"rateLimitExceeded", "userRateLimitExceeded"}
QUOTA_REASONS = {"dailyLimitExceeded", "quotaExceeded"}
MISSING_SCOPE_REASONS = {"insufficientPermissions"}
API_DISABLED_REASONS = {"accessNotConfigured"}
NO_MAILBOX_REASONS = {"failedPrecondition"}

# Builds a request that can be executed from `users()` of Gmail's API.
BuildRequest = Callable[[Any], Any]


class GmailNotFound(Exception):
    """Gmail has no such message, label or history."""


class GmailCalls:
    """`url`: the base URL of a stand-in for the Gmail API; None for Google's own."""

    def __init__(self, url: str | None) -> None:
        self._url = url
        self._threads = CapacityLimiter(MAX_THREADS)
        self._description: dict[str, Any] | None = None
        self._description_lock = Lock()

    async def call(self, token: str, build_request: BuildRequest) -> dict[str, Any]:
        """Raises TokenRefused, GmailNotFound, GoogleUnavailable, GmailQuotaExceeded, GmailForbidden and
        GoogleRefused."""
        try:
            return await retry(
                lambda: to_thread.run_sync(self._call, token, build_request, limiter=self._threads),
                backoff(RETRIES, FIRST_WAIT, jitter=JITTER),
                RetryableError,
                longest_retry_after=MAX_RETRY_AFTER,
            )
        except RetryableError as error:
            unavailable = GoogleUnavailable()
            if error.retry_after:
                headers = {"Retry-After": f"{error.retry_after:.0f}"}
                unavailable.headers = MappingProxyType(headers)
                unavailable.retry_after = timedelta(seconds=min(error.retry_after, 86_400))
            raise unavailable from error

    def _call(self, token: str, build_request: BuildRequest) -> dict[str, Any]:
        from googleapiclient.errors import HttpError
        from httplib2.error import HttpLib2Error

        try:
            with self._service(token) as service:
                response: dict[str, Any] = build_request(service.users()).execute()
        except HttpError as error:
            raise exception_for(error.status_code, error.content, error.resp) from error
        except (HttpLib2Error, HTTPException, OSError, json.JSONDecodeError, NotBase64) as error:
            raise RetryableError from error
        return response

    def _service(self, token: str) -> Any:
        """A client for one call: its connection must not be shared between threads."""
        from google.oauth2.credentials import Credentials
        from google_auth_httplib2 import AuthorizedHttp
        from googleapiclient.discovery import build_from_document
        from httplib2 import Http

        plain = Http(timeout=TIMEOUT_SECONDS)
        plain.follow_redirects = False
        http = AuthorizedHttp(Credentials(token), http=plain, refresh_status_codes=())  # type: ignore[no-untyped-call]
        return build_from_document(self._api_description(), http=http)

    def _api_description(self) -> dict[str, Any]:
        """The description of Gmail's API that the library ships, loaded once."""
        with self._description_lock:
            if self._description is None:
                for name in VERBOSE_LOGGERS:
                    logging.getLogger(name).setLevel(logging.CRITICAL)
                file = files("googleapiclient.discovery_cache.documents") / "gmail.v1.json"
                description = json.loads(file.read_text(encoding="utf-8"))
                root = {"rootUrl": f"{self._url}/"} if self._url else {}
                self._description = {**description, **root}
            return self._description


def exception_for(status: int, content: bytes, headers: Any) -> Exception:
    """The exception for an error response of Gmail's."""
    reason = error_reason(content)
    if status == HTTPStatus.UNAUTHORIZED or reason in MISSING_SCOPE_REASONS:
        return TokenRefused()
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= 500 or reason in RATE_LIMIT_REASONS:
        return RetryableError(parse_retry_after(headers.get("retry-after")))
    if reason in QUOTA_REASONS:
        return GmailQuotaExceeded()
    if status == HTTPStatus.FORBIDDEN or reason in NO_MAILBOX_REASONS:
        return GoogleRefused() if reason in API_DISABLED_REASONS else GmailForbidden()
    return GmailNotFound() if status in (400, 404) else GoogleUnavailable()


def error_reason(content: bytes) -> str:
    """Google's code for the error; empty if the response is not Google's."""
    try:
        return str(json.loads(content)["error"]["errors"][0]["reason"])
    except (ValueError, LookupError, TypeError):
        return ""

"""What the scripts share: options for address and sign-in, the client, error messages and a progress line."""

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from audiobrew_client import AuthenticatedClient, Client
from audiobrew_client.api.account import create_session, delete_session
from audiobrew_client.models import ProblemBody, Session, SessionRequest
from audiobrew_client.types import Response

LOCAL_URL = "http://127.0.0.1:8000"
# Longer than the longest silence in the event stream of a brew.
TIMEOUT = httpx.Timeout(60, connect=10)


class Refused(Exception):
    """An error whose message is shown to the user of the script."""


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--url",
        default=os.environ.get("AUDIOBREW_URL", LOCAL_URL),
        help=f"address of AudioBrew (default: AUDIOBREW_URL, else {LOCAL_URL})",
    )
    parser.add_argument(
        "--sign-in",
        metavar="LINK",
        help="the link that `audiobrew sign-in` prints, or its code; a link works once"
        " (default: the token in AUDIOBREW_TOKEN)",
    )


@contextmanager
def connect(options: argparse.Namespace) -> Iterator[AuthenticatedClient]:
    """Yield a client that is signed in. A session that was opened with a link is closed afterwards.

    Raises Refused.
    """
    url = str(options.url).rstrip("/")
    token = sign_in(url, options.sign_in) if options.sign_in else os.environ.get("AUDIOBREW_TOKEN")
    if not token:
        raise Refused("Sign in first: --sign-in LINK, or a token in AUDIOBREW_TOKEN.")
    with AuthenticatedClient(url, token, timeout=TIMEOUT, follow_redirects=True) as client:
        try:
            yield client
        finally:
            if options.sign_in:
                delete_session.sync_detailed(client=client)


def sign_in(url: str, link: str) -> str:
    """Open a session with a link, or with the code in it, and return the token."""
    code = link.partition("#code=")[2] or link
    with Client(url, timeout=TIMEOUT) as client:
        body = SessionRequest(code=code)
        session: Session = ok(create_session.sync_detailed(client=client, body=body))
    return session.token


def ok(response: Response[Any]) -> Any:
    """The content of a successful response. Raises Refused with the service's own message."""
    if isinstance(response.parsed, ProblemBody):
        raise Refused(response.parsed.detail or response.parsed.title)
    if response.status_code >= 400:
        raise Refused(
            f"AudioBrew answered {response.status_code}, which is not in its API contract."
        )
    return response.parsed


def run(main: Callable[[argparse.Namespace], None], parser: argparse.ArgumentParser) -> int:
    """Run a script and return its exit code: 0 for success, 2 for an error, 130 for Ctrl-C."""
    options = parser.parse_args()
    try:
        main(options)
    except Refused as refusal:
        message = str(refusal)
    except (httpx.TransportError, httpx.InvalidURL):
        message = (
            f"There is no AudioBrew at {options.url}. Start it with `audiobrew serve`, or set its"
            " address with --url."
        )
    except OSError as error:
        message = f"{error.filename}: {error.strerror}." if error.filename else f"{error}."
    except KeyboardInterrupt:
        return 130
    else:
        return 0
    print(message, file=sys.stderr)
    return 2


class Progress:
    """A status line. On a terminal it is overwritten; elsewhere each new status is a line of its own."""

    def __init__(self) -> None:
        self._line = ""
        self._is_terminal = sys.stderr.isatty()

    def show(self, status: str, percent: int | None = None) -> None:
        """Show a status. The percentage is shown on a terminal only; elsewhere it would fill the log."""
        line = f"{status} {percent} %" if self._is_terminal and percent is not None else status
        if line == self._line:
            return
        if self._is_terminal:
            print(f"\r\033[K{line}", end="", file=sys.stderr, flush=True)
        else:
            print(line, file=sys.stderr, flush=True)
        self._line = line

    def clear(self) -> None:
        if self._is_terminal and self._line:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
        self._line = ""

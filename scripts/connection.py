"""How the scripts reach AudioBrew: where it is, who asks, and what is said when it refuses."""

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

HERE = "http://127.0.0.1:8000"
PATIENCE = httpx.Timeout(60, connect=10)
"""Longer than the stream of a brew is ever silent."""


class Refused(Exception):
    """A sentence for whoever typed the command."""


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--url",
        default=os.environ.get("AUDIOBREW_URL", HERE),
        help=f"where AudioBrew is; default: AUDIOBREW_URL, else {HERE}",
    )
    parser.add_argument(
        "--sign-in",
        metavar="LINK",
        help="what `audiobrew sign-in` prints, or its code; it opens once, and so does this script."
        " Default: the token in AUDIOBREW_TOKEN",
    )


@contextmanager
def connected(typed: argparse.Namespace) -> Iterator[AuthenticatedClient]:
    """Raises Refused. A session that was opened by a link is closed again."""
    url = str(typed.url).rstrip("/")
    token = _opened(url, typed.sign_in) if typed.sign_in else os.environ.get("AUDIOBREW_TOKEN")
    if not token:
        raise Refused("Sign in first: --sign-in LINK, or a token in AUDIOBREW_TOKEN.")
    with AuthenticatedClient(url, token, timeout=PATIENCE, follow_redirects=True) as client:
        try:
            yield client
        finally:
            if typed.sign_in:
                delete_session.sync_detailed(client=client)


def _opened(url: str, link: str) -> str:
    """A session's token for the code in a link, or for the code itself."""
    code = link.partition("#code=")[2] or link
    with Client(url, timeout=PATIENCE) as anonymous:
        body = SessionRequest(code=code)
        session: Session = ok(create_session.sync_detailed(client=anonymous, body=body))
    return session.token


def ok(response: Response[Any]) -> Any:
    """What was asked for. Raises Refused in the service's own words."""
    if isinstance(response.parsed, ProblemBody):
        raise Refused(response.parsed.detail or response.parsed.title)
    if response.status_code >= 400:
        raise Refused(
            f"AudioBrew answered {response.status_code}, which its contract does not know."
        )
    return response.parsed


def run(main: Callable[[argparse.Namespace], None], parser: argparse.ArgumentParser) -> int:
    """0 is done, 2 a refusal in a sentence, 130 a Ctrl-C."""
    typed = parser.parse_args()
    try:
        main(typed)
    except Refused as refused:
        return _told(str(refused))
    except (httpx.TransportError, httpx.InvalidURL):
        return _told(
            f"There is no AudioBrew at {typed.url}. Start it with `audiobrew serve`, or name it with --url."
        )
    except OSError as error:
        return _told(f"{error.filename}: {error.strerror}." if error.filename else f"{error}.")
    except KeyboardInterrupt:
        return 130
    return 0


def _told(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 2


class Progress:
    """One line that is written over on a terminal, and only new sentences elsewhere."""

    def __init__(self) -> None:
        self._said = ""
        self._live = sys.stderr.isatty()

    def say(self, sentence: str, percent: int | None = None) -> None:
        """`percent` is shown on a terminal; elsewhere it would fill the log."""
        shown = f"{sentence} {percent} %" if self._live and percent is not None else sentence
        if shown == self._said:
            return
        end = "" if self._live else "\n"
        print(f"\r\033[K{shown}" if self._live else shown, end=end, file=sys.stderr, flush=True)
        self._said = shown

    def done(self) -> None:
        if self._live and self._said:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
        self._said = ""

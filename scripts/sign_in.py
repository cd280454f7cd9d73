"""Sign in to a deployed AudioBrew by e-mail and password, and print the token that the other scripts take.

    export AUDIOBREW_TOKEN="$(python3 scripts/sign_in.py ada@mail.example --url https://brew.example)"

Needs nothing but Python. The password is asked for, or taken from AUDIOBREW_PASSWORD. The token lives as
long as the project at Supabase says: an hour, if nobody changed it.
"""

import argparse
import json
import os
import sys
from getpass import getpass
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

PATIENCE = 30
Json = dict[str, Any]


class Refused(Exception):
    """A sentence for whoever typed the command."""


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        description="Print a token of a listener of a deployed AudioBrew."
    )
    made.add_argument("email", help="the listener's address")
    url = os.environ.get("AUDIOBREW_URL")
    made.add_argument(
        "--url", default=url, required=not url, help="where AudioBrew is; default: AUDIOBREW_URL"
    )
    return made


def token(url: str, email: str, password: str) -> str:
    """Raises Refused."""
    config = asked(f"{url.rstrip('/')}/api/config")
    if config.get("auth") != "supabase":
        raise Refused("This AudioBrew runs on one machine: give --sign-in to the other scripts.")
    where = f"{config['supabase_url']}/auth/v1/token?grant_type=password"
    session = asked(where, {"email": email, "password": password}, apikey=config["supabase_key"])
    return str(session["access_token"])


def asked(url: str, body: Json | None = None, **headers: str) -> Json:
    if not url.startswith(("https://", "http://")):
        raise Refused(f"{url} is no address: it begins with https://.")
    sent = json.dumps(body).encode() if body else None
    request = Request(url, sent, headers | {"Content-Type": "application/json"})  # noqa: S310
    try:
        with urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
            told: Json = json.load(answer)
            return told
    except HTTPError as error:
        if error.code in (400, 401, 403):
            raise Refused("That address and password open no account here.") from error
        raise Refused(f"{request.host} answered {error.code}. Please try again later.") from error
    except (URLError, TimeoutError, ValueError) as error:
        raise Refused(f"There is no AudioBrew at {request.host}.") from error


def password() -> str:
    """Raises Refused."""
    if told := os.environ.get("AUDIOBREW_PASSWORD"):
        return told
    if not sys.stdin.isatty():
        raise Refused("Nobody is here to be asked: put the password into AUDIOBREW_PASSWORD.")
    return getpass("Password: ")


def main() -> int:
    typed = parser().parse_args()
    try:
        print(token(typed.url, typed.email, password()))
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 2
    except (KeyboardInterrupt, EOFError):
        return 130
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

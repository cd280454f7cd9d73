"""Sign in to a deployed AudioBrew with e-mail and password, and print the token that the other scripts need.

    export AUDIOBREW_TOKEN="$(python3 scripts/sign_in.py ada@mail.example --url https://brew.example)"

Needs only Python. It asks for the password, or reads it from AUDIOBREW_PASSWORD. The Supabase project decides
how long the token is valid; the default is one hour.
"""

import argparse
import json
import os
import sys
from getpass import getpass
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

TIMEOUT_SECONDS = 30
Json = dict[str, Any]


class Refused(Exception):
    """An error whose message is shown to the user of the script."""


def parser() -> argparse.ArgumentParser:
    arguments = argparse.ArgumentParser(
        description="Sign in to a deployed AudioBrew and print a token."
    )
    arguments.add_argument("email", help="the listener's e-mail address")
    url = os.environ.get("AUDIOBREW_URL")
    arguments.add_argument(
        "--url", default=url, required=not url, help="address of AudioBrew (default: AUDIOBREW_URL)"
    )
    return arguments


def token(url: str, email: str, password: str) -> str:
    """Sign in and return the token. Raises Refused."""
    config = request_json(f"{url.rstrip('/')}/api/config")
    if config.get("auth") != "supabase":
        raise Refused(
            "This AudioBrew has no passwords. Use the option --sign-in of the other scripts."
        )
    where = f"{config['supabase_url']}/auth/v1/token?grant_type=password"
    session = request_json(
        where, {"email": email, "password": password}, apikey=config["supabase_key"]
    )
    return str(session["access_token"])


def request_json(url: str, body: Json | None = None, **headers: str) -> Json:
    if not url.startswith(("https://", "http://")):
        raise Refused(f"{url} is not a valid address. It must start with https://.")
    data = json.dumps(body).encode() if body else None
    request = Request(url, data, headers | {"Content-Type": "application/json"})  # noqa: S310
    try:
        with urlopen(request, timeout=TIMEOUT_SECONDS) as response:  # noqa: S310
            content: Json = json.load(response)
            return content
    except HTTPError as error:
        if error.code in (400, 401, 403):
            raise Refused("There is no account with this address and password.") from error
        raise Refused(f"{request.host} answered {error.code}. Please try again later.") from error
    except (URLError, TimeoutError, ValueError) as error:
        raise Refused(f"There is no AudioBrew at {request.host}.") from error


def password() -> str:
    """The password, from the environment or the terminal. Raises Refused."""
    if value := os.environ.get("AUDIOBREW_PASSWORD"):
        return value
    if not sys.stdin.isatty():
        raise Refused("There is no terminal to ask for the password. Set AUDIOBREW_PASSWORD.")
    return getpass("Password: ")


def main() -> int:
    options = parser().parse_args()
    try:
        print(token(options.url, options.email, password()))
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 2
    except (KeyboardInterrupt, EOFError):
        return 130
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

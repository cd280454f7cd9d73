"""The guessing drill: `python -m tests.drills.guesses`. Somebody tries passwords on a server of one's own.

10,000 guesses come from one address, from many addresses at one account, and from one address at many
names. None may succeed, nearly all must be refused before anything is compared, and the account's owner
must get in afterwards. Then the times of answers are compared: they must not tell which names exist, or
which have no password.
"""

import argparse
import random
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import httpx2
from audiobrew.account.home.guess_limits import GuessLimits

from tests.account.home.home_server import (
    PASSWORD,
    PUBLIC_URL,
    HomeServer,
    serving_home,
    signed_in,
)
from tests.standins.authenticator import Authenticator

OWN_ADDRESS = "198.51.100.4"
# How far the medians may lie apart.
TOLERANCE = 0.1


def guesses(count: int, seed: int) -> Iterator[tuple[str, str, str]]:
    """The attack, the name and the client's address of each guess."""
    source = random.Random(seed)
    for number in range(count):
        attack = ("one address", "many addresses", "many names")[number % 3]
        name = "Ada" if attack != "many names" else f"Name {source.randrange(2_000)}"
        address = "203.0.113.9"
        if attack == "many addresses":
            address = f"10.{source.randrange(256)}.{source.randrange(256)}.{source.randrange(256)}"
        yield attack, name, address


def guess(server: HomeServer, client: httpx2.Client, name: str, address: str, word: str) -> int:
    body = {"name": name, "password": word}
    headers = {"X-Forwarded-For": address}
    response = client.post("/api/home/session/password", json=body, headers=headers)
    return response.status_code


def attack(server: HomeServer, count: int, seed: int) -> dict[str, Counter[int]]:
    """Statuses of the answers, for each attack."""
    client, answers = server.browser(), dict[str, Counter[int]]()
    for number, (kind, name, address) in enumerate(guesses(count, seed)):
        status = guess(server, client, name, address, f"guess {number}")
        answers.setdefault(kind, Counter())[status] += 1
    return answers


def medians(server: HomeServer, rounds: int) -> dict[str, float]:
    """The seconds that a wrong password takes, by the kind of the name.

    The kinds take turns, so that a busy machine slows all of them.
    """
    client, seconds = server.browser(), dict[str, list[float]]()
    names = {"with a password": "Ada", "without one": "Cleo", "nobody's": "Zoe"}
    for number in range(rounds):
        server.service.app.state.ports.identity._guesses = GuessLimits()
        for kind, name in names.items():
            begun = perf_counter()
            status = guess(server, client, name, "203.0.113.77", f"wrong {number}")
            seconds.setdefault(kind, []).append(perf_counter() - begun)
            assert status == 403, status
    return {kind: statistics.median(values) for kind, values in seconds.items()}


def set_up(server: HomeServer) -> None:
    """Ada has a password, Cleo a passkey alone."""
    owner = server.join(server.setup_code(), "Ada")
    key, browser = Authenticator(PUBLIC_URL), server.browser()
    named = {"code": server.invitation_code(owner), "name": "Cleo"}
    options = browser.post("/api/home/accounts/passkey-options", json=named).json()["options"]
    account = {**named, "passkey": key.create(options)}
    signed_in(browser, browser.post("/api/home/accounts", json=account))
    own = {"X-Forwarded-For": OWN_ADDRESS}
    body = {"name": "Ada", "password": PASSWORD}
    browser.post("/api/home/session/password", json=body, headers=own).raise_for_status()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--guesses", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=60, help="of the comparison of times")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        serving_home(Path(folder), requests_per_minute_per_address=0) as server,
    ):
        set_up(server)
        begun = perf_counter()
        answers = attack(server, options.guesses, options.seed)
        print(f"{options.guesses:,} guesses in {perf_counter() - begun:.0f} s")
        for kind, statuses in answers.items():
            compared, refused = statuses[403], statuses[429]
            print(
                f"  {kind}: {compared} compared and wrong, {refused} refused, {statuses[201]} right"
            )
        own = guess(server, server.browser(), "Ada", OWN_ADDRESS, PASSWORD)
        print(f"the owner, from an address of theirs, afterwards: {own}")
        times = medians(server, options.rounds)
    for kind, median in times.items():
        print(f"  a wrong password, name {kind}: {median * 1000:.1f} ms")
    spread = max(times.values()) / min(times.values()) - 1
    print(f"medians differ by {spread:.1%} (limit {TOLERANCE:.0%})")
    expected = all(set(statuses) <= {403, 429} for statuses in answers.values())
    return 0 if expected and own == 201 and spread <= TOLERANCE else 1


if __name__ == "__main__":
    sys.exit(main())

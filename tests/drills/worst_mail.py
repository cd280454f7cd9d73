"""Ten listeners upload the worst mails that we know at once, and another listener must not notice.

`python -m tests.drills.worst_mail`. Meanwhile, the health and the other listener's lists are requested every
100 ms. The same requests to a bare server measure the machine's own delay.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle, islice
from multiprocessing import get_context
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import monotonic, perf_counter, sleep

import httpx2

from tests.drills.programs import listening
from tests.mail.test_linear_time import SHAPES
from tests.ports import free_port
from tests.product import run_product
from tests.production import production

UPLOADERS, SECONDS = 10, 60.0
SIZES = (1_000, 10_000_000)
EVERY_SECONDS, LIMIT_SECONDS = 0.1, 0.2
MAIL_BYTES = 10 * 2**20
PATHS = ("/health", "/api/mail", "/api/podcast/list")
MACHINE = "the machine"
UPLOAD_STATUSES = {201, 413, 422}


@dataclass(frozen=True)
class World:
    """A service, the token of the listener who goes on, and those of the others."""

    url: str
    token: str
    others: list[str]


@dataclass
class Outcome:
    """Seconds by what was asked, and the answers to uploads by status."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    answers: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    @property
    def slowest(self) -> float:
        return max(max(took) for name, took in self.seconds.items() if name != MACHINE)

    @property
    def machine(self) -> float:
        return max(self.seconds[MACHINE])


@contextmanager
def embedded(folder: Path, uploaders: int) -> Iterator[World]:
    with run_product(folder / "data") as product:
        others = [product.second_token() for _ in range(uploaders)]
        yield World(product.url, product.token, others)


@contextmanager
def on_a_host(folder: Path, uploaders: int) -> Iterator[World]:
    with production(folder) as product:
        assert product.run("migrate").returncode == 0
        product.serve()
        names = [f"listener{number}@mail.example" for number in range(uploaders + 1)]
        token, *others = [product.sign_up(name).token for name in names]
        yield World(product.url, token, others)


WORLDS: dict[str, Callable[[Path, int], "contextmanager[World]"]] = {  # type: ignore[type-arg]
    "embedded": embedded,
    "production": on_a_host,
}


def drill(world: World, seconds: float) -> Outcome:
    """Mails come from a process of their own, so that its work delays nobody who measures."""
    outcome = Outcome()
    with ProcessPoolExecutor(1, get_context("spawn")) as elsewhere, bare_server() as bare:
        uploads = elsewhere.submit(upload_all, world.url, world.others, seconds)
        watch(world, bare, uploads, outcome)
        outcome.answers = uploads.result()
    return outcome


def watch(world: World, bare: str, uploads: "Future[Counter[int]]", outcome: Outcome) -> None:
    headers = {"Authorization": f"Bearer {world.token}"}
    with httpx2.Client(headers=headers, timeout=120) as client:
        urls = {path: world.url + path for path in PATHS} | {MACHINE: bare}
        while not uploads.done():
            start = monotonic()
            for name, url in urls.items():
                request_start = perf_counter()
                answer = client.get(url)
                outcome.seconds.setdefault(name, []).append(perf_counter() - request_start)
                if answer.status_code != 200:
                    outcome.wrong.append(f"{name}: {answer.status_code}")
            sleep(max(0.0, start + EVERY_SECONDS - monotonic()))


def upload_all(url: str, tokens: list[str], seconds: float) -> Counter[int]:
    with ThreadPoolExecutor(len(tokens)) as pool:
        uploads = [pool.submit(upload, url, *one, seconds) for one in enumerate(tokens)]
        return sum((one.result() for one in uploads), Counter[int]())


def upload(url: str, number: int, token: str, seconds: float) -> Counter[int]:
    """One mail after the other, each listener from another place of the corpus, at least two."""
    answers: Counter[int] = Counter()
    kinds = [(shape, size) for shape in SHAPES for size in SIZES]
    first = number * 5 % len(kinds)
    headers = {"Authorization": f"Bearer {token}"}
    until = monotonic() + seconds
    with httpx2.Client(base_url=url, headers=headers, timeout=600) as client:
        for shape, size in islice(cycle(kinds), first, None):
            if monotonic() > until and answers.total() > 1:
                return answers
            mail = SHAPES[shape](size)[:MAIL_BYTES]
            files = {"file": ("worst.eml", mail, "message/rfc822")}
            answers[client.post("/api/mail", files=files).status_code] += 1
    raise AssertionError("a cycle does not end")


@contextmanager
def bare_server() -> Iterator[str]:
    """Python's own, with an empty folder to show."""
    port = free_port()
    with TemporaryDirectory() as folder:
        options = (str(port), "--bind", "127.0.0.1", "--directory", folder)
        with listening(port, "http.server", *options, quiet=True):
            yield f"http://127.0.0.1:{port}/"


def report(name: str, outcome: Outcome) -> None:
    uploads = ", ".join(f"{count} x {status}" for status, count in sorted(outcome.answers.items()))
    print(f"{name}: uploads {uploads}; other answers than 200: {outcome.wrong or 'none'}")
    for target, took in outcome.seconds.items():
        percent = quantiles(took, n=100)
        late = sum(one > LIMIT_SECONDS for one in took)
        print(
            f"  {target:18} {len(took):5} asked, p50 {percent[49] * 1e3:6.1f} ms,"
            f" p99 {percent[98] * 1e3:6.1f} ms, max {max(took) * 1e3:6.1f} ms,"
            f" {late} above {LIMIT_SECONDS * 1e3:.0f} ms"
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--uploaders", type=int, default=UPLOADERS)
    parser.add_argument("--world", choices=[*WORLDS], action="append")
    options = parser.parse_args()
    good = True
    for name in options.world or WORLDS:
        with TemporaryDirectory() as folder, WORLDS[name](Path(folder), options.uploaders) as world:
            outcome = drill(world, options.seconds)
        report(name, outcome)
        fine = outcome.answers.keys() <= UPLOAD_STATUSES and not outcome.wrong
        good = good and fine and outcome.slowest <= LIMIT_SECONDS
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())

"""What hosting AudioBrew costs per month on each host, from measurements and a dated table of prices.

`python scripts/cost.py --listeners 1000`. Prices and measurements are in scripts/hosting.toml, or in a file
of your own. A price that was not read on the vendor's own page is marked as unsure, and so are sums with it.
"""

import argparse
import math
import sys
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

DEFAULT_TABLE = Path(__file__).with_name("hosting.toml")
DAY, HOURS, MONTH = 86_400, 730, 30.4
# The load of a processor at the peak; above it, requests queue.
MAX_LOAD = 0.6
# How many times busier the busiest hour is than the average one, for requests and for brewing: most episodes
# are brewed in the morning.
REQUEST_PEAK, BREW_PEAK = 3.0, 6.0
MEASUREMENTS = (
    *("poll_ms", "day_ms", "episode_seconds", "wait_seconds", "api_mb"),
    *("worker_mb", "poll_kb", "day_kb", "audio_mb_minute", "database_kb", "model_usd"),
)


class TableUnreadable(Exception):
    """The table cannot be used. The message says why."""


@dataclass(frozen=True)
class Price:
    """A price in dollars. It is `sure` if it was read on the vendor's own page, on the day `seen`."""

    usd: float
    per: str
    seen: date
    sure: bool
    source: str


@dataclass(frozen=True)
class Load:
    """`episodes`, `polls` and `requests` are per listener and day, `minutes` is the length of an episode, and
    `retention_days` says how long audio is stored."""

    listeners: int
    episodes: float
    polls: float
    requests: float
    minutes: float
    retention_days: float


@dataclass(frozen=True)
class Needs:
    """What a month needs. `api` and `worker` are numbers of processes at the peak; cores are averages."""

    api: int
    worker: int
    api_cores: float
    worker_cores: float
    worker_busy: float
    memory_gb: float
    calls: float
    answers_gb: float
    audio_gb: float
    storage_gb: float
    database_gb: float
    models_usd: float


Prices = Mapping[str, Mapping[str, Price]]
Measurements = Mapping[str, float]


def table(file: Path) -> tuple[Measurements, Prices]:
    """Read the measurements and prices. Raises TableUnreadable."""
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
        rows = content.pop("measured")
        measurements = {name: float(rows[name]) for name in MEASUREMENTS}
        return measurements, {host: _prices(rows) for host, rows in content.items()}
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise TableUnreadable(f"The table {file} cannot be used: {error}.") from error


def _prices(rows: Mapping[str, Any]) -> dict[str, Price]:
    return {name: Price(**row) for name, row in rows.items()}


def compute_needs(load: Load, measurements: Measurements) -> Needs:
    daily = load.listeners * load.episodes
    polls, requests = load.listeners * load.polls, load.listeners * load.requests
    api = (polls * measurements["poll_ms"] + requests * measurements["day_ms"]) / 1000 / DAY
    scale = load.minutes / 5
    worker = daily * measurements["episode_seconds"] * scale / DAY
    processes = (_processes(api * REQUEST_PEAK), _processes(worker * BREW_PEAK))
    answer_kb = polls * measurements["poll_kb"] + requests * measurements["day_kb"]
    audio = daily * load.minutes * measurements["audio_mb_minute"] / 1000
    return Needs(
        *processes,
        api_cores=api,
        worker_cores=worker,
        worker_busy=daily * measurements["wait_seconds"] * scale / 3600 * MONTH,
        memory_gb=(processes[0] * measurements["api_mb"] + processes[1] * measurements["worker_mb"])
        / 1000,
        calls=(polls + requests) * MONTH,
        answers_gb=answer_kb / 1e6 * MONTH,
        audio_gb=audio * MONTH,
        storage_gb=audio * load.retention_days,
        database_gb=daily * load.retention_days * measurements["database_kb"] / 1e6,
        models_usd=daily * MONTH * measurements["model_usd"] * scale,
    )


def _processes(cores: float) -> int:
    return max(1, math.ceil(cores / MAX_LOAD))


class Bill:
    """A sum, which is `sure` if all prices in it are."""

    def __init__(self, prices: Prices, listeners: int) -> None:
        self._prices, self._listeners = prices, listeners
        self.usd, self.sure = 0.0, True

    def add(self, host: str, name: str, amount: float) -> "Bill":
        price = self._prices[host][name]
        self.usd += amount * price.usd
        self.sure = self.sure and (price.sure or not amount)
        return self

    def data(self, needs: Needs) -> "Bill":
        """Add Supabase, which costs the same on every host: accounts, Postgres, and audio played once."""
        self.add("supabase", "plan", 1)
        self.add("supabase", "database_gb", _over(needs.database_gb, 8))
        self.add("supabase", "storage_gb", _over(needs.storage_gb, 100))
        self.add("supabase", "egress_gb", _over(needs.audio_gb, 250))
        return self.add("supabase", "listener", _over(self._listeners, 100_000))

    def page(self) -> "Bill":
        """Add the web app, which is on Vercel's CDN with every host."""
        return self.add("vercel", "plan", 1)


def _over(amount: float, included: float) -> float:
    return max(0.0, amount - included)


def vercel(bill: Bill, needs: Needs) -> None:
    """Functions for the API and for brewing. In fact a function may not run as long as a brew, so a worker
    elsewhere is needed as well; on your own computer it costs nothing."""
    hours = (needs.api_cores + needs.worker_cores) * HOURS
    bill.add("vercel", "cpu_hour", hours)
    bill.add("vercel", "gb_hour", needs.api * 2.0 * HOURS * 0.5 + needs.worker_busy * 2.0)
    bill.add("vercel", "million_calls", needs.calls / 1e6)
    bill.add("vercel", "egress_gb", _over(needs.answers_gb, 1000))


def railway(bill: Bill, needs: Needs) -> None:
    """Billed by use; the price of the plan includes as much use."""
    use = Bill(bill._prices, 0).add("railway", "cpu_month", needs.api_cores + needs.worker_cores)
    use.add("railway", "gb_month", needs.memory_gb).add("railway", "egress_gb", needs.answers_gb)
    bill.add("railway", "plan", 1)
    bill.usd += _over(use.usd, bill._prices["railway"]["plan"].usd)


def render(bill: Bill, needs: Needs) -> None:
    small = needs.api == needs.worker == 1 and needs.api_cores + needs.worker_cores < 0.2
    bill.add("render", "half" if small else "one", needs.api + needs.worker)
    bill.add("render", "egress_gb", needs.answers_gb)


def fly(bill: Bill, needs: Needs) -> None:
    bill.add("fly", "machine", needs.api + needs.worker)
    bill.add("fly", "egress_gb", needs.answers_gb)


def cloud_run(bill: Bill, needs: Needs) -> None:
    """Always on, because a worker gets no requests that would start it."""
    seconds = (needs.api + needs.worker) * HOURS * 3600
    bill.add("cloud_run", "cpu_second", seconds).add("cloud_run", "gb_second", seconds * 0.5)
    bill.add("cloud_run", "egress_gb", needs.answers_gb)


def fargate(bill: Bill, needs: Needs) -> None:
    hours = (needs.api + needs.worker) * HOURS
    bill.add("fargate", "cpu_hour", hours * 0.5).add("fargate", "gb_hour", hours)
    bill.add("fargate", "balancer", 1).add("fargate", "egress_gb", needs.answers_gb)


HOSTS: dict[str, Callable[[Bill, Needs], None]] = {
    "Vercel only": vercel,
    "Vercel + Railway": railway,
    "Vercel + Render": render,
    "Vercel + Fly.io": fly,
    "Vercel + Cloud Run": cloud_run,
    "Vercel + Fargate": fargate,
}


def bills(load: Load, measurements: Measurements, prices: Prices) -> dict[str, Bill]:
    """The bill of each host, without the cost of models, which is the same everywhere."""
    needs, result = compute_needs(load, measurements), {}
    for name, host in HOSTS.items():
        bill = Bill(prices, load.listeners).page().data(needs)
        host(bill, needs)
        result[name] = bill
    return result


def show(load: Load, measurements: Measurements, prices: Prices) -> None:
    needs = compute_needs(load, measurements)
    print(
        f"{load.listeners:,} listeners, {load.episodes:g} episodes of {load.minutes:g} min a day each"
    )
    print(
        f"{needs.api} serving and {needs.worker} brewing processes, {needs.memory_gb:.1f} GB memory"
    )
    print(f"{needs.calls / 1e6:,.1f} million requests, {needs.audio_gb:,.0f} GB of audio a month")
    for name, bill in bills(load, measurements, prices).items():
        each = bill.usd / load.listeners
        mark = "" if bill.sure else "   (with prices to be checked)"
        print(f"{name:20} ${bill.usd:12,.2f} a month   ${each:8.4f} a listener{mark}")
    print(f"{'models, in addition':20} ${needs.models_usd:12,.2f} a month")
    days = [price.seen for rows in prices.values() for price in rows.values()]
    print(f"prices as read from {min(days)} to {max(days)}; to be checked: {_unsure(prices)}")


def _unsure(prices: Prices) -> str:
    names = [
        f"{host} {name}" for host, rows in prices.items() for name, p in rows.items() if not p.sure
    ]
    return ", ".join(names) or "none"


def arguments(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="What hosting AudioBrew costs a month.")
    parser.add_argument("--listeners", type=int, default=1000)
    parser.add_argument("--episodes", type=float, default=1.0, help="per listener and day")
    parser.add_argument("--minutes", type=float, default=5.0, help="length of an episode")
    parser.add_argument("--polls", type=float, default=24.0, help="feed polls per listener and day")
    parser.add_argument(
        "--requests", type=float, default=20.0, help="web app requests per listener and day"
    )
    parser.add_argument(
        "--retention-days", type=float, default=90.0, help="how long audio is stored"
    )
    parser.add_argument("--prices", type=Path, default=DEFAULT_TABLE, help="a table of your own")
    return parser.parse_args(words)


def main(words: list[str] | None = None) -> int:
    options = arguments(words)
    load = Load(
        options.listeners,
        options.episodes,
        options.polls,
        options.requests,
        options.minutes,
        options.retention_days,
    )
    if options.listeners < 1 or min(load.episodes, load.polls, load.requests, load.minutes) < 0:
        print("cost: there must be at least one listener, and no negative number", file=sys.stderr)
        return 2
    try:
        show(load, *table(options.prices))
    except TableUnreadable as error:
        print(f"cost: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

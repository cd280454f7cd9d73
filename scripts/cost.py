"""What hosting AudioBrew costs a month, by host, from measured figures and a dated table of prices.

`python scripts/cost.py --listeners 1000`. Prices and figures are in scripts/hosting.toml, or in a file
of your own. What no maker's page was read for is marked, and so is the sum that it goes into.
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

OWN = Path(__file__).with_name("hosting.toml")
DAY, HOURS, MONTH = 86_400, 730, 30.4
FILLED = 0.6
"""So full a processor is at the peak: beyond it, answers queue."""
PEAK, MORNING = 3.0, 6.0
"""How much busier the busiest hour is than the average one; most episodes are wanted at breakfast."""


MEASURED = (
    *("poll_ms", "day_ms", "episode_seconds", "wait_seconds", "api_mb"),
    *("worker_mb", "poll_kb", "day_kb", "audio_mb_minute", "database_kb", "model_usd"),
)


class TableUnreadable(Exception):
    """The table cannot be used, and why."""


@dataclass(frozen=True)
class Price:
    """In dollars; `sure` when it was read on the maker's own page, on the day `seen`."""

    usd: float
    per: str
    seen: date
    sure: bool
    source: str


@dataclass(frozen=True)
class Load:
    listeners: int
    episodes: float
    polls: float
    requests: float
    minutes: float
    kept_days: float


@dataclass(frozen=True)
class Needs:
    """A month's, `api` and `worker` in processes at the peak, processors on the average."""

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
Measured = Mapping[str, float]


def table(file: Path) -> tuple[Measured, Prices]:
    """Raises TableUnreadable."""
    try:
        told = tomllib.loads(file.read_text(encoding="utf-8"))
        rows = told.pop("measured")
        measured = {name: float(rows[name]) for name in MEASURED}
        return measured, {host: _prices(rows) for host, rows in told.items()}
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise TableUnreadable(f"The table {file} cannot be used: {error}.") from error


def _prices(rows: Mapping[str, Any]) -> dict[str, Price]:
    return {name: Price(**row) for name, row in rows.items()}


def needs(load: Load, measured: Measured) -> Needs:
    daily = load.listeners * load.episodes
    polls, requests = load.listeners * load.polls, load.listeners * load.requests
    api = (polls * measured["poll_ms"] + requests * measured["day_ms"]) / 1000 / DAY
    scale = load.minutes / 5
    worker = daily * measured["episode_seconds"] * scale / DAY
    processes = (_processes(api * PEAK), _processes(worker * MORNING))
    answered = polls * measured["poll_kb"] + requests * measured["day_kb"]
    audio = daily * load.minutes * measured["audio_mb_minute"] / 1000
    return Needs(
        *processes,
        api_cores=api,
        worker_cores=worker,
        worker_busy=daily * measured["wait_seconds"] * scale / 3600 * MONTH,
        memory_gb=(processes[0] * measured["api_mb"] + processes[1] * measured["worker_mb"]) / 1000,
        calls=(polls + requests) * MONTH,
        answers_gb=answered / 1e6 * MONTH,
        audio_gb=audio * MONTH,
        storage_gb=audio * load.kept_days,
        database_gb=daily * load.kept_days * measured["database_kb"] / 1e6,
        models_usd=daily * MONTH * measured["model_usd"] * scale,
    )


def _processes(cores: float) -> int:
    return max(1, math.ceil(cores / FILLED))


class Bill:
    """Sums up, and knows whether a price in it is not sure."""

    def __init__(self, prices: Prices, listeners: int) -> None:
        self._prices, self._listeners = prices, listeners
        self.usd, self.sure = 0.0, True

    def add(self, host: str, name: str, amount: float) -> "Bill":
        price = self._prices[host][name]
        self.usd += amount * price.usd
        self.sure = self.sure and (price.sure or not amount)
        return self

    def data(self, found: Needs) -> "Bill":
        """Supabase is the same wherever the rest runs: accounts, Postgres, audio heard once."""
        self.add("supabase", "plan", 1)
        self.add("supabase", "database_gb", _over(found.database_gb, 8))
        self.add("supabase", "storage_gb", _over(found.storage_gb, 100))
        self.add("supabase", "egress_gb", _over(found.audio_gb, 250))
        return self.add("supabase", "listener", _over(self._listeners, 100_000))

    def page(self) -> "Bill":
        """The web app stays on Vercel's network of caches."""
        return self.add("vercel", "plan", 1)


def _over(amount: float, included: float) -> float:
    return max(0.0, amount - included)


def vercel(bill: Bill, found: Needs) -> None:
    """Functions for the API, and for brewing as if one might run that long: they may not, so a worker
    elsewhere comes on top; on a laptop that is nothing."""
    hours = (found.api_cores + found.worker_cores) * HOURS
    bill.add("vercel", "cpu_hour", hours)
    bill.add("vercel", "gb_hour", found.api * 2.0 * HOURS * 0.5 + found.worker_busy * 2.0)
    bill.add("vercel", "million_calls", found.calls / 1e6)
    bill.add("vercel", "egress_gb", _over(found.answers_gb, 1000))


def railway(bill: Bill, found: Needs) -> None:
    """As used; the plan's price is its first use."""
    used = Bill(bill._prices, 0).add("railway", "cpu_month", found.api_cores + found.worker_cores)
    used.add("railway", "gb_month", found.memory_gb).add("railway", "egress_gb", found.answers_gb)
    bill.add("railway", "plan", 1)
    bill.usd += _over(used.usd, bill._prices["railway"]["plan"].usd)


def render(bill: Bill, found: Needs) -> None:
    small = found.api == found.worker == 1 and found.api_cores + found.worker_cores < 0.2
    bill.add("render", "half" if small else "one", found.api + found.worker)
    bill.add("render", "egress_gb", found.answers_gb)


def fly(bill: Bill, found: Needs) -> None:
    bill.add("fly", "machine", found.api + found.worker)
    bill.add("fly", "egress_gb", found.answers_gb)


def cloud_run(bill: Bill, found: Needs) -> None:
    """Always on, since a worker is asked by nobody."""
    seconds = (found.api + found.worker) * HOURS * 3600
    bill.add("cloud_run", "cpu_second", seconds).add("cloud_run", "gb_second", seconds * 0.5)
    bill.add("cloud_run", "egress_gb", found.answers_gb)


def fargate(bill: Bill, found: Needs) -> None:
    hours = (found.api + found.worker) * HOURS
    bill.add("fargate", "cpu_hour", hours * 0.5).add("fargate", "gb_hour", hours)
    bill.add("fargate", "balancer", 1).add("fargate", "egress_gb", found.answers_gb)


HOSTS: dict[str, Callable[[Bill, Needs], None]] = {
    "Vercel only": vercel,
    "Vercel + Railway": railway,
    "Vercel + Render": render,
    "Vercel + Fly.io": fly,
    "Vercel + Cloud Run": cloud_run,
    "Vercel + Fargate": fargate,
}


def bills(load: Load, measured: Measured, prices: Prices) -> dict[str, Bill]:
    """Without what models cost, which is the same everywhere."""
    found, told = needs(load, measured), {}
    for name, host in HOSTS.items():
        bill = Bill(prices, load.listeners).page().data(found)
        host(bill, found)
        told[name] = bill
    return told


def show(load: Load, measured: Measured, prices: Prices) -> None:
    found = needs(load, measured)
    print(
        f"{load.listeners:,} listeners, {load.episodes:g} episodes of {load.minutes:g} min a day each"
    )
    print(
        f"{found.api} serving and {found.worker} brewing processes, {found.memory_gb:.1f} GB memory"
    )
    print(f"{found.calls / 1e6:,.1f} million requests, {found.audio_gb:,.0f} GB of audio a month")
    for name, bill in bills(load, measured, prices).items():
        each = bill.usd / load.listeners
        mark = "" if bill.sure else "   (with prices to be checked)"
        print(f"{name:20} ${bill.usd:12,.2f} a month   ${each:8.4f} a listener{mark}")
    print(f"{'models, besides':20} ${found.models_usd:12,.2f} a month")
    seen = [price.seen for rows in prices.values() for price in rows.values()]
    print(f"prices as read {min(seen)} to {max(seen)}; to be checked: {_unsure(prices)}")


def _unsure(prices: Prices) -> str:
    names = [
        f"{host} {name}" for host, rows in prices.items() for name, p in rows.items() if not p.sure
    ]
    return ", ".join(names) or "none"


def arguments(typed: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="What hosting AudioBrew costs a month.")
    parser.add_argument("--listeners", type=int, default=1000)
    parser.add_argument("--episodes", type=float, default=1.0, help="a listener and day")
    parser.add_argument("--minutes", type=float, default=5.0, help="of an episode")
    parser.add_argument(
        "--polls", type=float, default=24.0, help="of a listener's podcast app, a day"
    )
    parser.add_argument(
        "--requests", type=float, default=20.0, help="in the web app, a listener and day"
    )
    parser.add_argument("--kept-days", type=float, default=90.0, help="how long audio is kept")
    parser.add_argument("--prices", type=Path, default=OWN, help="a table of your own")
    return parser.parse_args(typed)


def main(typed: list[str] | None = None) -> int:
    told = arguments(typed)
    load = Load(
        told.listeners, told.episodes, told.polls, told.requests, told.minutes, told.kept_days
    )
    if told.listeners < 1 or min(load.episodes, load.polls, load.requests, load.minutes) < 0:
        print("cost: at least one listener, and nothing below zero", file=sys.stderr)
        return 2
    try:
        show(load, *table(told.prices))
    except TableUnreadable as trouble:
        print(f"cost: {trouble}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

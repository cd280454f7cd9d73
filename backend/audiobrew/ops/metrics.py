"""Prometheus metrics. Dashboards and alerts rely on the names; every label has few values.

Each process counts for itself. Behind one port with several processes (`uvicorn --workers 2`) a scrape
reaches any of them, so they count into one folder, named in PROMETHEUS_MULTIPROC_DIR, and each tells
the sum. What is waiting and running is in the database, and every process tells the same.
"""

import os
import platform
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from audiobrew import __version__

if TYPE_CHECKING:
    from audiobrew.settings import Settings

EndOf = Callable[[str], date | None]
MULTIPROCESS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
ANSWER_BUCKETS = (0.005, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
CALL_BUCKETS = (0.3, 1.0, 3.0, 10.0, 30.0, 120.0)

disable_created_metrics()  # type: ignore[no-untyped-call]  # when a counter began: nobody asks, and it doubles what is told
REGISTRY = CollectorRegistry()
REQUESTS = Counter(
    "audiobrew_requests",
    "Answered requests.",
    ["side", "method", "route", "status"],
    registry=REGISTRY,
)
REQUEST_SECONDS = Histogram(
    "audiobrew_request_seconds",
    "Time to answer.",
    ["side", "method", "route", "class"],
    buckets=ANSWER_BUCKETS,
    registry=REGISTRY,
)
EPISODES_ENDED = Counter(
    "audiobrew_episodes_ended",
    "Brews that ended: ready, failed, cancelled.",
    ["outcome"],
    registry=REGISTRY,
)
RESULTS = Counter(
    "audiobrew_answers",
    "What brews asked for: made now, or found in the paid-once store.",
    ["kind", "origin"],
    registry=REGISTRY,
)
CALLS = Counter(
    "audiobrew_model_calls",
    "Calls to models: kept, lost (paid, and of no use), refused (not paid), cut off.",
    ["kind", "outcome"],
    registry=REGISTRY,
)
CALL_SECONDS = Histogram(
    "audiobrew_model_call_seconds",
    "How long calls to models took.",
    ["kind"],
    buckets=CALL_BUCKETS,
    registry=REGISTRY,
)
COST = Counter(
    "audiobrew_cost_usd", "What calls to models cost, lost ones too.", ["kind"], registry=REGISTRY
)
TAKEOVERS = Counter(
    "audiobrew_lease_takeovers", "Dead processes whose brews were taken over.", registry=REGISTRY
)
JOB_SUCCESS = Gauge(
    "audiobrew_job_success_timestamp",
    "When a background job last went well: seconds since 1970.",
    ["job"],
    registry=REGISTRY,
    multiprocess_mode="mostrecent",
)
JOB_SECONDS = Histogram(
    "audiobrew_job_seconds",
    "How long background jobs took.",
    ["job"],
    buckets=CALL_BUCKETS,
    registry=REGISTRY,
)
JOB_FAILURES = Counter(
    "audiobrew_job_failures",
    "Runs of background jobs that failed or were cut off.",
    ["job"],
    registry=REGISTRY,
)
STREAMS = Gauge(
    "audiobrew_event_streams",
    "Event streams that are open.",
    registry=REGISTRY,
    multiprocess_mode="livesum",
)
if MULTIPROCESS_FOLDER not in os.environ:  # of several processes, one's memory would stand for all
    ProcessCollector(registry=REGISTRY)
for _outcome in ("ready", "failed", "cancelled"):
    EPISODES_ENDED.labels(
        _outcome
    )  # from the first scrape on, so that the first failure is an increase


@dataclass(frozen=True, slots=True)
class Workload:
    """`open`: brews that have not ended, by stage. `due`: schedules whose time has come.

    `overdue`: deletions that storage or the engine refused so far.
    """

    open: Mapping[str, int]
    oldest_seconds: float
    workers: int
    due: int
    late_seconds: float
    overdue: int = 0


def record_request(side: str, method: str, route: str, status: int, seconds: float) -> None:
    """One more request; `route` is a template, for paths may hold tokens."""
    method = method if method in METHODS else "other"
    REQUESTS.labels(side, method, route, status).inc()
    REQUEST_SECONDS.labels(side, method, route, f"{status // 100}xx").observe(seconds)


def render_metrics(settings: "Settings", workload: Workload | None, end_of: EndOf) -> bytes:
    """Everything in Prometheus' text format.

    `workload` is None while the database is away. `end_of` knows when a model ends, if that is announced.
    """
    told = CollectorRegistry()
    told.register(_Now(settings, workload, end_of))
    return generate_latest(_registry_of_all_processes()) + generate_latest(told)


def _registry_of_all_processes() -> CollectorRegistry:
    if MULTIPROCESS_FOLDER not in os.environ:
        return REGISTRY
    together = CollectorRegistry()
    MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    return together


class _Now(Collector):
    """Gauges that are computed at each scrape."""

    def __init__(self, settings: "Settings", workload: Workload | None, end_of: EndOf) -> None:
        self._settings, self._workload, self._end_of = settings, workload, end_of

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield _build(self._settings.side)
        yield _model_ends(self._settings, self._end_of)
        up = float(self._workload is not None)
        yield _gauge("database_up", "Whether the database answered the last time it was asked.", up)
        if self._workload is not None:
            yield from _work(self._workload)


def _work(found: Workload) -> Iterator[GaugeMetricFamily]:
    running = {stage: count for stage, count in found.open.items() if stage != "waiting"}
    waiting = found.open.get("waiting", 0)
    yield _by("episodes_open", "Brews that have not ended, by stage.", "stage", found.open)
    yield _gauge("queue_depth", "Brews that nobody has begun.", waiting)
    yield _gauge("queue_oldest_seconds", "How long the oldest waits.", found.oldest_seconds)
    yield _gauge("brews_running", "Brews at work.", sum(running.values()))
    yield _gauge("workers", "Processes that brew and were seen lately.", found.workers)
    yield _gauge("schedules_due", "Schedules whose time has come.", found.due)
    yield _gauge("deletions_overdue", "Deletions that were refused and wait.", found.overdue)
    yield _gauge(
        "schedules_late_seconds", "How long the oldest of them is due.", found.late_seconds
    )


def _build(side: str) -> GaugeMetricFamily:
    labels = {"version": __version__, "python": platform.python_version(), "side": side}
    family = GaugeMetricFamily("audiobrew_build_info", "What runs here.", labels=list(labels))
    family.add_metric(list(labels.values()), 1)
    return family


def _model_ends(settings: "Settings", end_of: EndOf) -> GaugeMetricFamily:
    """When the models that are set end, where that is announced: seconds since 1970."""
    told = "When the model that is set ends, as announced."
    family = GaugeMetricFamily("audiobrew_model_end_seconds", told, labels=["part", "model"])
    if settings.openai_api_key is None:
        return family
    for part, model in (("writer", settings.writer_model), ("voice", settings.voice_model)):
        if end := end_of(model):
            moment = datetime.combine(end, time(), UTC).timestamp()
            family.add_metric([part, model], moment)
    return family


def _gauge(name: str, told: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"audiobrew_{name}", told, value=value)


def _by(name: str, told: str, label: str, values: Mapping[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"audiobrew_{name}", told, labels=[label])
    for value, count in values.items():
        family.add_metric([value], count)
    return family

"""Prometheus metrics. Dashboards and alerts rely on their names; every label has few values.

Each process counts for itself. With several processes behind one port (`uvicorn --workers 2`), a scrape
reaches any one of them. They therefore share one folder, named in PROMETHEUS_MULTIPROC_DIR, and each of them
reports the sum. The number of waiting and running brews is read from the database, so it is the same in every
process.
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

# Returns the date on which a model is shut down, None if none is announced.
EndOf = Callable[[str], date | None]
# The environment variable of prometheus_client that names the shared folder.
MULTIPROCESS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
ANSWER_BUCKETS = (0.005, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
CALL_BUCKETS = (0.3, 1.0, 3.0, 10.0, 30.0, 120.0)

# The time at which each counter was created is not needed and would double the output.
disable_created_metrics()  # type: ignore[no-untyped-call]
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
    "Results that brews needed: made by a call, or found in the result cache.",
    ["kind", "origin"],
    registry=REGISTRY,
)
CALLS = Counter(
    "audiobrew_model_calls",
    "Calls to models: kept, lost (charged but unusable), refused (not charged), cut off.",
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
    "audiobrew_cost_usd",
    "Cost of calls to models, including lost ones.",
    ["kind"],
    registry=REGISTRY,
)
IMPORTS_ENDED = Counter(
    "audiobrew_imports_ended",
    "Imports of files that ended: done, failed, cancelled.",
    ["outcome"],
    registry=REGISTRY,
)
SOURCE_LOOKS = Counter(
    "audiobrew_source_looks",
    "Looks at the sources of mails: succeeded, failed, crashed.",
    ["kind", "outcome"],
    registry=REGISTRY,
)
ARRIVALS = Counter(
    "audiobrew_arrivals",
    "Mails to own addresses: stored, delayed, full, unknown, unreadable, refused, busy.",
    ["kind", "outcome"],
    registry=REGISTRY,
)
TAKEOVERS = Counter(
    "audiobrew_lease_takeovers", "Dead processes whose brews were taken over.", registry=REGISTRY
)
JOB_SUCCESS = Gauge(
    "audiobrew_job_success_timestamp",
    "When a background job last succeeded, in seconds since 1970.",
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
MAIL_COPIES = Counter(
    "audiobrew_mail_copies",
    "Mails that were recognized as copies of mails in the same inbox.",
    registry=REGISTRY,
)
LISTENER_RULES = Counter(
    "audiobrew_listener_rules",
    "Rules of listeners for newsletters: made, applied to a block, revoked.",
    ["kind", "outcome"],
    registry=REGISTRY,
)
PRONUNCIATIONS = Counter(
    "audiobrew_pronunciations",
    "Words whose pronunciation listeners stored or deleted.",
    ["outcome"],
    registry=REGISTRY,
)
PLAYBACK_POSITIONS = Counter(
    "audiobrew_playback_positions",
    "Positions in episodes that listeners' devices sent: stored, or older than the stored one.",
    ["outcome"],
    registry=REGISTRY,
)
STREAMS = Gauge(
    "audiobrew_event_streams",
    "Open event streams.",
    registry=REGISTRY,
    multiprocess_mode="livesum",
)
# With several processes, the memory of one would stand for all of them.
if MULTIPROCESS_FOLDER not in os.environ:
    ProcessCollector(registry=REGISTRY)
for _outcome in ("ready", "failed", "cancelled"):
    EPISODES_ENDED.labels(
        _outcome
    )  # from the first scrape on, so that the first failure is an increase
for _outcome in ("done", "failed", "cancelled"):
    IMPORTS_ENDED.labels(_outcome)


@dataclass(frozen=True, slots=True)
class Workload:
    """The work that waits or runs, over all processes.

    `open`: brews that have not ended, by stage. `oldest_seconds`: age of the brew that has waited longest.
    `due`: schedules that are due; `late_seconds`: how long the oldest of them has been due.
    `overdue`: deletions that storage or the engine has refused at least once. `imports`: files that are
    uploaded and not read yet; `imports_seconds`: how long the oldest of them has made no progress.
    """

    open: Mapping[str, int]
    oldest_seconds: float
    workers: int
    due: int
    late_seconds: float
    overdue: int = 0
    imports: int = 0
    imports_seconds: float = 0.0


def record_request(side: str, method: str, route: str, status: int, seconds: float) -> None:
    """Count one request. `route` is the route's template, because a path may contain a token."""
    method = method if method in METHODS else "other"
    REQUESTS.labels(side, method, route, status).inc()
    REQUEST_SECONDS.labels(side, method, route, f"{status // 100}xx").observe(seconds)


def render_metrics(settings: "Settings", workload: Workload | None, end_of: EndOf) -> bytes:
    """All metrics in Prometheus' text format. `workload` is None while the database does not answer."""
    counters = REGISTRY
    if MULTIPROCESS_FOLDER in os.environ:
        counters = CollectorRegistry()
        MultiProcessCollector(counters)  # type: ignore[no-untyped-call]
    gauges = CollectorRegistry()
    gauges.register(CurrentState(settings, workload, end_of))
    return generate_latest(counters) + generate_latest(gauges)


class CurrentState(Collector):
    """Gauges that are computed at each scrape."""

    def __init__(self, settings: "Settings", workload: Workload | None, end_of: EndOf) -> None:
        self._settings, self._workload, self._end_of = settings, workload, end_of

    def collect(self) -> Iterator[GaugeMetricFamily]:
        side = self._settings.side
        labels = {"version": __version__, "python": platform.python_version(), "side": side}
        build = GaugeMetricFamily(
            "audiobrew_build_info",
            "Versions of AudioBrew and Python, and the side.",
            labels=list(labels),
        )
        build.add_metric(list(labels.values()), 1)
        yield build
        yield model_ends(self._settings, self._end_of)
        up = float(self._workload is not None)
        yield gauge("database_up", "Whether the last query to the database succeeded.", up)
        if self._workload is not None:
            yield from workload_gauges(self._workload)


def workload_gauges(workload: Workload) -> Iterator[GaugeMetricFamily]:
    waiting = workload.open.get("waiting", 0)
    running = sum(workload.open.values()) - waiting
    stages = GaugeMetricFamily(
        "audiobrew_episodes_open", "Brews that have not ended, by stage.", labels=["stage"]
    )
    for stage, count in workload.open.items():
        stages.add_metric([stage], count)
    yield stages
    yield gauge("queue_depth", "Brews that wait for a worker.", waiting)
    yield gauge(
        "queue_oldest_seconds", "How long the oldest of them has waited.", workload.oldest_seconds
    )
    yield gauge("brews_running", "Brews that a worker has begun.", running)
    yield gauge("workers", "Live processes that brew.", workload.workers)
    yield gauge("schedules_due", "Schedules that are due.", workload.due)
    yield gauge(
        "deletions_overdue", "Deletions that failed and wait for a retry.", workload.overdue
    )
    yield gauge(
        "imports_open", "Files of mails that are uploaded and not read yet.", workload.imports
    )
    yield gauge(
        "imports_oldest_seconds",
        "How long the one that waits longest has made no progress.",
        workload.imports_seconds,
    )
    yield gauge(
        "schedules_late_seconds", "How long the oldest of them has been due.", workload.late_seconds
    )


def model_ends(settings: "Settings", end_of: EndOf) -> GaugeMetricFamily:
    """When the configured models are shut down, if announced, in seconds since 1970."""
    description = "When the configured model is shut down, in seconds since 1970."
    family = GaugeMetricFamily("audiobrew_model_end_seconds", description, labels=["part", "model"])
    if settings.openai_api_key is None:
        return family
    for part, model in (("writer", settings.writer_model), ("voice", settings.voice_model)):
        if end := end_of(model):
            family.add_metric([part, model], datetime.combine(end, time(), UTC).timestamp())
    return family


def gauge(name: str, description: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"audiobrew_{name}", description, value=value)

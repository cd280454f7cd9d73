"""Dashboards and alerts refer to metrics and labels that the running service exports."""

import json
import re
from pathlib import Path
from time import process_time
from typing import Any

import httpx2
import pytest
from audiobrew.models.deprecations import end_of
from audiobrew.ops.metrics import Workload, render_metrics
from audiobrew.settings import Settings

from tests.serving import Service

DEPLOY = Path(__file__).parents[2] / "deploy"
BOARD: dict[str, Any] = json.loads((DEPLOY / "grafana" / "audiobrew.json").read_text())
RULES = (DEPLOY / "alerts.yml").read_text(encoding="utf-8")
QUERIES = [target["expr"] for panel in BOARD["panels"] for target in panel["targets"]]
NAME = re.compile(r"\b((?:audiobrew|process)_[a-z_]+)")
EXPECTED = {
    "side",
    "method",
    "route",
    "status",
    "class",
    "outcome",
    "stage",
    "kind",
    "origin",
    "job",
}
LABEL = re.compile(r"by \(([a-z, ]+)\)|([a-z]+)(?:=~|!~|!=|=)\"|\{\{\s?\$?(?:labels\.)?([a-z]+)")


def metric_names(metrics: str) -> set[str]:
    """Including those of metrics that have no series yet."""
    families = dict(re.findall(r"^# TYPE (\S+) (\S+)$", metrics, re.MULTILINE))
    parts = {
        f"{name}{end}"
        for name, kind in families.items()
        if kind == "histogram"
        for end in ("_bucket", "_count", "_sum")
    }
    return set(families) | parts


def names_in(text: str) -> set[str]:
    return set(NAME.findall(text))


@pytest.fixture(scope="module")
def metrics(service: Service) -> str:
    headers = {"Authorization": "Bearer figures"}
    return httpx2.get(f"{service.url}/metrics", headers=headers).raise_for_status().text


@pytest.mark.parametrize("query", QUERIES)
def test_the_dashboards_metrics_exist(metrics: str, query: str) -> None:
    assert names_in(query)
    assert names_in(query) <= metric_names(metrics)


def test_the_alerts_metrics_exist(metrics: str) -> None:
    expressions = " ".join(re.findall(r"expr: (.*?)\n\s+(?:for|labels):", RULES, re.DOTALL))

    assert len(names_in(expressions)) > 10
    assert names_in(expressions) <= metric_names(metrics)


def test_every_metric_of_ours_is_on_the_dashboard(metrics: str) -> None:
    panel_metrics = names_in(" ".join(QUERIES))
    ours = {name for name in metric_names(metrics) if name.startswith("audiobrew_")}
    helpers = {name for name in ours if name.endswith(("_count", "_sum", "_seconds"))}

    assert ours - panel_metrics - helpers == set()


def test_queries_use_labels_that_exist(metrics: str) -> None:
    labels = set(re.findall(r'[{,]([a-z]+)="', metrics)) | EXPECTED
    other_labels = {"le", "instance", "job", "part", "model", "version", "severity", "value"}
    text = " ".join(
        [*QUERIES, RULES, *(t["legendFormat"] for p in BOARD["panels"] for t in p["targets"])]
    )
    used_labels = {
        name.strip() for match in LABEL.findall(text) for part in match for name in part.split(",")
    }

    assert used_labels - {""} <= labels | other_labels


def test_panels_are_described_and_do_not_overlap() -> None:
    places = [
        (p["gridPos"]["x"] + across, p["gridPos"]["y"] + down)
        for p in BOARD["panels"]
        for across in range(p["gridPos"]["w"])
        for down in range(p["gridPos"]["h"])
    ]

    assert all(panel["title"] and panel["description"] for panel in BOARD["panels"])
    assert len(places) == len(set(places))
    assert len({panel["id"] for panel in BOARD["panels"]}) == len(BOARD["panels"])


def test_every_alert_is_tested() -> None:
    tests = (DEPLOY / "alerts_test.yml").read_text(encoding="utf-8")
    alerts = re.findall(r"- alert: (\w+)", RULES)

    assert len(alerts) == len(set(alerts)) == 16
    assert [alert for alert in alerts if f"alertname: {alert}" not in tests] == []


def test_unknown_paths_and_methods_create_few_series(
    service: Service, anonymous: httpx2.Client
) -> None:
    before = request_counts(service)
    for number in range(30):
        anonymous.get(f"/sesame-{number}")
        anonymous.request(f"SESAME{number}", f"/api/mail/{number}")
    after = request_counts(service)
    new_series = [labels for labels, count in after.items() if count > before.get(labels, 0)]

    assert sum(after.values()) - sum(before.values()) >= 30
    assert 1 <= len(new_series) <= 3
    assert "sesame" not in str(after).lower()


def request_counts(service: Service) -> dict[str, float]:
    """The requests that this process has counted so far, by labels."""
    headers = {"Authorization": "Bearer figures"}
    text = httpx2.get(f"{service.url}/metrics", headers=headers).text
    series = re.findall(r"^audiobrew_requests_total\{(.*)\} (\S+)$", text, re.MULTILINE)
    return {labels: float(count) for labels, count in series}


def test_a_scrape_is_cheap(service: Service) -> None:
    no_work = Workload(open={}, oldest_seconds=0, workers=0, due=0, late_seconds=0)
    start = process_time()
    for _ in range(10):
        render_metrics(Settings(), no_work, end_of)

    assert (process_time() - start) / 10 < 0.1

"""Dashboards and alerts name what the running product tells, and nothing else."""

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


def told(figures: str) -> set[str]:
    """Every name, of families that have no series yet, too."""
    families = dict(re.findall(r"^# TYPE (\S+) (\S+)$", figures, re.MULTILINE))
    parts = {
        f"{name}{end}"
        for name, kind in families.items()
        if kind == "histogram"
        for end in ("_bucket", "_count", "_sum")
    }
    return set(families) | parts


def named(text: str) -> set[str]:
    return set(NAME.findall(text))


@pytest.fixture(scope="module")
def running(service: Service) -> str:
    headers = {"Authorization": "Bearer figures"}
    return httpx2.get(f"{service.url}/metrics", headers=headers).raise_for_status().text


@pytest.mark.parametrize("query", QUERIES)
def test_what_the_dashboard_asks_for_is_told(running: str, query: str) -> None:
    assert named(query)
    assert named(query) <= told(running)


def test_what_the_alerts_ask_for_is_told(running: str) -> None:
    expressions = " ".join(re.findall(r"expr: (.*?)\n\s+(?:for|labels):", RULES, re.DOTALL))

    assert len(named(expressions)) > 10
    assert named(expressions) <= told(running)


def test_everything_of_ours_that_is_told_is_shown(running: str) -> None:
    shown = named(" ".join(QUERIES))
    ours = {name for name in told(running) if name.startswith("audiobrew_")}
    helpers = {name for name in ours if name.endswith(("_count", "_sum", "_seconds"))}

    assert ours - shown - helpers == set()


def test_queries_use_labels_that_exist(running: str) -> None:
    known = set(re.findall(r'[{,]([a-z]+)="', running)) | EXPECTED
    outside = {"le", "instance", "job", "part", "model", "version", "severity", "value"}
    text = " ".join(
        [*QUERIES, RULES, *(t["legendFormat"] for p in BOARD["panels"] for t in p["targets"])]
    )
    used = {
        name.strip() for found in LABEL.findall(text) for part in found for name in part.split(",")
    }

    assert used - {""} <= known | outside


def test_every_panel_says_what_it_shows_and_has_its_place() -> None:
    places = [
        (p["gridPos"]["x"] + across, p["gridPos"]["y"] + down)
        for p in BOARD["panels"]
        for across in range(p["gridPos"]["w"])
        for down in range(p["gridPos"]["h"])
    ]

    assert all(panel["title"] and panel["description"] for panel in BOARD["panels"])
    assert len(places) == len(set(places))
    assert len({panel["id"] for panel in BOARD["panels"]}) == len(BOARD["panels"])


def test_every_alert_is_tried() -> None:
    tried = (DEPLOY / "alerts_test.yml").read_text(encoding="utf-8")
    alerts = re.findall(r"- alert: (\w+)", RULES)

    assert len(alerts) == len(set(alerts)) == 15
    assert [alert for alert in alerts if f"alertname: {alert}" not in tried] == []


def test_labels_have_few_values_whatever_is_asked(service: Service, nobody: httpx2.Client) -> None:
    before = requests_told(service)
    for number in range(30):
        nobody.get(f"/sesame-{number}")
        nobody.request(f"SESAME{number}", f"/api/mail/{number}")
    after = requests_told(service)
    more = [labels for labels, count in after.items() if count > before.get(labels, 0)]

    assert sum(after.values()) - sum(before.values()) >= 30
    assert 1 <= len(more) <= 3
    assert "sesame" not in str(after).lower()


def requests_told(service: Service) -> dict[str, float]:
    """How many requests this process has counted so far, by their labels."""
    headers = {"Authorization": "Bearer figures"}
    figures = httpx2.get(f"{service.url}/metrics", headers=headers).text
    told = re.findall(r"^audiobrew_requests_total\{(.*)\} (\S+)$", figures, re.MULTILINE)
    return {labels: float(count) for labels, count in told}


def test_a_scrape_costs_little(service: Service) -> None:
    nothing = Workload(open={}, oldest_seconds=0, workers=0, due=0, late_seconds=0)
    begun = process_time()
    for _ in range(10):
        render_metrics(Settings(), nothing, end_of)

    assert (process_time() - begun) / 10 < 0.1

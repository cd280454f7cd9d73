"""The metrics of one process, of several processes behind one port, and of a worker."""

import asyncio
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep

import httpx2
import sqlalchemy as sa
from audiobrew.account.listener_store import ListenerStore
from audiobrew.db.engine import migrate, open_database
from audiobrew.db.tables import episodes, executors, schedules
from audiobrew.episode.workload import Workloads
from audiobrew.models.deprecations import end_of
from audiobrew.ops.metrics import Workload, render_metrics
from audiobrew.settings import Settings

from tests.listeners import add_listener
from tests.ports import free_port
from tests.product import clean_environment
from tests.row_factory import episode_row, schedule_row
from tests.serving import Service, a_mail
from tests.settings_factory import connect_to_tables, make_settings

COUNTED = 'audiobrew_requests_total{method="GET",route="/api/mail",side="railway",status="401"}'
METRICS_HEADERS = {"Authorization": "Bearer figures"}


def value(metrics: str, name: str) -> float:
    """The value of a series, named as Prometheus prints it; 0 if there is none."""
    match = re.search(rf"^{re.escape(name)} (\S+)$", metrics, re.MULTILINE)
    return float(match[1]) if match else 0.0


def scrape(url: str) -> str:
    return httpx2.get(f"{url}/metrics", headers=METRICS_HEADERS, timeout=30).raise_for_status().text


def test_a_request_is_counted_by_side_method_route_and_status(
    service: Service, anonymous: httpx2.Client
) -> None:
    series = COUNTED.replace("/api/mail", "/api/mail/{id}")
    before = value(scrape(service.url), series)
    anonymous.get("/api/mail/3b2ad8a2-24b2-4a39-9f0a-3f2d1a9dd1b5")
    metrics = scrape(service.url)

    assert value(metrics, series) == before + 1
    assert 'audiobrew_request_seconds_bucket{class="4xx",le="0.1",method="GET"' in metrics


def test_a_brew_is_counted_with_its_clips_and_its_end(
    service: Service, owner: httpx2.Client
) -> None:
    names = [
        'audiobrew_episodes_ended_total{outcome="ready"}',
        'audiobrew_answers_total{kind="clip",origin="made"}',
        'audiobrew_answers_total{kind="clip",origin="kept"}',
    ]
    before = [value(scrape(service.url), name) for name in names]
    upload = owner.post("/api/mail", files={"file": ("one.eml", a_mail())}).raise_for_status()
    mails = [mail["id"] for mail in upload.json()["mails"]]
    for title in ("Once", "Once more"):
        order = {"minutes": 1, "title": title, "email_ids": mails}
        order_response = owner.post("/api/podcast/generate", json=order).raise_for_status()
        wait_until_ended(owner, order_response.json()["id"])
    after = [value(scrape(service.url), name) for name in names]

    assert after[0] == before[0] + 2
    assert all(new > old for new, old in zip(after[1:], before[1:], strict=True))


def wait_until_ended(client: httpx2.Client, id: str) -> None:
    deadline = monotonic() + 60
    while client.get(f"/api/podcast/{id}").json()["status"] not in ("ready", "failed"):
        assert monotonic() < deadline
        sleep(0.1)


async def add_workload(settings: Settings) -> None:
    """Two waiting brews and a running one, a schedule that is due, a live worker and a dead one."""
    await migrate(settings)
    engine = open_database(settings)
    listener, now = await add_listener(ListenerStore(engine)), datetime.now(UTC)
    rows = [("waiting", 90), ("waiting", 30), ("speaking", 300), ("ready", 999)]
    async with engine.begin() as database:
        for stage, age in rows:
            row = episode_row(listener, stage, now - timedelta(seconds=age))
            await database.execute(episodes.insert().values(row))
        due = schedule_row(listener, now - timedelta(seconds=120))
        await database.execute(schedules.insert().values(due))
        seen = [{"id": f"e{age}", "seen_at": now.timestamp() - age} for age in (1, 500)]
        await database.execute(executors.insert(), seen)
    await engine.dispose()


async def test_the_workload_is_read_from_the_database(tmp_path: Path) -> None:
    settings = make_settings(data=tmp_path)
    await add_workload(settings)
    engine = open_database(settings)
    workload = await Workloads(engine, dead_after=30).now()
    await engine.dispose()
    metrics = render_metrics(settings, workload, end_of).decode()

    assert value(metrics, "audiobrew_queue_depth") == 2
    assert 90 <= value(metrics, "audiobrew_queue_oldest_seconds") < 120
    assert value(metrics, "audiobrew_brews_running") == 1
    assert value(metrics, 'audiobrew_episodes_open{stage="speaking"}') == 1
    assert value(metrics, "audiobrew_workers") == 1
    assert value(metrics, "audiobrew_schedules_due") == 1
    assert 120 <= value(metrics, "audiobrew_schedules_late_seconds") < 150


async def test_concurrent_scrapes_share_one_query(tmp_path: Path) -> None:
    settings = make_settings(data=tmp_path)
    await add_workload(settings)
    engine, statements = open_database(settings), 0

    def count(*_: object) -> None:
        nonlocal statements
        statements += 1

    sa.event.listen(engine.sync_engine, "before_cursor_execute", count)
    workloads = Workloads(engine, dead_after=30, fresh=60)
    first = await workloads.now()
    statements_of_first = statements
    results = await asyncio.gather(*(workloads.now() for _ in range(20)))
    await engine.dispose()

    assert results == [first] * 20
    assert statements == statements_of_first <= 3


async def test_metrics_are_exported_while_the_database_does_not_answer(tmp_path: Path) -> None:
    settings = make_settings(data=tmp_path)
    await migrate(settings)
    with connect_to_tables(tmp_path) as other:
        other.execute(sa.text("drop table schedules"))
    engine = open_database(settings)
    workload = await Workloads(engine, dead_after=30).now()
    await engine.dispose()
    metrics = render_metrics(settings, workload, end_of).decode()

    assert workload is None
    assert "\naudiobrew_database_up 0.0\n" in metrics
    assert "audiobrew_queue_depth" not in metrics


def test_the_end_of_the_configured_model_is_exported() -> None:
    keyed = Settings(openai_api_key="sk-stand-in", writer_model="gpt-4o", voice="espeak")
    nothing = Workload(open={}, oldest_seconds=0, workers=0, due=0, late_seconds=0)
    series = 'audiobrew_model_end_seconds{model="gpt-4o",part="writer"}'

    moment = datetime(2027, 1, 14, tzinfo=UTC).timestamp()
    assert value(render_metrics(keyed, nothing, end_of).decode(), series) == moment
    assert "gpt-4o" not in render_metrics(Settings(writer_model="gpt-4o"), nothing, end_of).decode()


@contextmanager
def run_program(folder: Path, *command: str, **env: str) -> Iterator[Path]:
    """Run a program of ours in its own process. Yields the path of its log."""
    variables = {"AUDIOBREW_DATA": str(folder / "data"), "METRICS_TOKEN": "figures", **env}
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            env=clean_environment() | variables,
            stdout=output,
            stderr=output,
        )
    try:
        yield log
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def wait_until_healthy(url: str, log: Path) -> None:
    deadline = monotonic() + 120
    while monotonic() < deadline:
        try:
            httpx2.get(f"{url}/health").raise_for_status()
            return
        except httpx2.TransportError:
            sleep(0.2)
    raise AssertionError(log.read_text())


def test_two_processes_behind_one_port_export_their_sum(tmp_path: Path) -> None:
    counts, port = tmp_path / "counts", str(free_port())
    counts.mkdir()
    server = ("uvicorn", "--factory", "audiobrew.app:service", "--workers", "2", "--port", port)
    logs = ("--log-config", str(Path(__file__).parents[2] / "deploy" / "logs.json"))
    patient = (
        "--timeout-worker-healthcheck",
        "120",
    )  # on a busy machine, they would be killed while they start
    url = f"http://127.0.0.1:{port}"
    env = {"PROMETHEUS_MULTIPROC_DIR": str(counts)}
    with run_program(tmp_path, *server, *logs, *patient, **env) as log:
        wait_until_healthy(url, log)
        for _ in range(40):  # each on its own connection, so that both processes get some
            assert httpx2.get(f"{url}/api/mail").status_code == 401
        results = {value(scrape(url), COUNTED) for _ in range(6)}
        processes = {name.name for name in counts.glob("counter_*.db")}

    assert results == {40.0}
    assert len(processes) >= 2
    assert all(line.startswith("{") for line in log.read_text().splitlines())


def test_a_worker_serves_status_routes_only(tmp_path: Path) -> None:
    port = str(free_port())
    url = f"http://127.0.0.1:{port}"
    with run_program(tmp_path, "audiobrew", "worker", "--port", port) as log:
        wait_until_healthy(url, log)
        ready, anonymous = httpx2.get(f"{url}/ready", timeout=30), httpx2.get(f"{url}/metrics")
        other = httpx2.get(f"{url}/api/podcast/list")
        metrics = scrape(url)

    assert ready.status_code == 200
    assert anonymous.status_code == 401
    assert other.status_code == 404
    assert value(metrics, "audiobrew_workers") == 1
    assert "Traceback" not in log.read_text()

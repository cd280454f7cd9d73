"""What a scrape tells, of one process, of several behind one port, and of a worker."""

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
from audiobrew.account.listener_store import Listeners
from audiobrew.db.engine import migrate, open_database
from audiobrew.db.tables import episodes, executors, schedules
from audiobrew.episode.workload import Workloads
from audiobrew.models.deprecations import end_of
from audiobrew.ops.metrics import Workload, render_metrics
from audiobrew.settings import Settings

from tests.listeners import add_listener
from tests.postgres import free_port
from tests.product import clean_environment
from tests.row_factory import episode_row, schedule_row
from tests.serving import Service, a_mail
from tests.settings_factory import connect_to_tables, make_settings

COUNTED = 'audiobrew_requests_total{method="GET",route="/api/mail",side="railway",status="401"}'
METER = {"Authorization": "Bearer figures"}


def value(figures: str, name: str) -> float:
    """Of one series, named as Prometheus prints it; 0 when there is none."""
    found = re.search(rf"^{re.escape(name)} (\S+)$", figures, re.MULTILINE)
    return float(found[1]) if found else 0.0


def scraped(url: str) -> str:
    return httpx2.get(f"{url}/metrics", headers=METER, timeout=30).raise_for_status().text


def test_a_request_is_counted_by_side_method_route_and_status(
    service: Service, nobody: httpx2.Client
) -> None:
    series = COUNTED.replace("/api/mail", "/api/mail/{id}")
    before = value(scraped(service.url), series)
    nobody.get("/api/mail/3b2ad8a2-24b2-4a39-9f0a-3f2d1a9dd1b5")
    figures = scraped(service.url)

    assert value(figures, series) == before + 1
    assert 'audiobrew_request_seconds_bucket{class="4xx",le="0.1",method="GET"' in figures


def test_a_brew_is_counted_with_its_clips_and_its_end(
    service: Service, owner: httpx2.Client
) -> None:
    names = [
        'audiobrew_episodes_ended_total{outcome="ready"}',
        'audiobrew_answers_total{kind="clip",origin="made"}',
        'audiobrew_answers_total{kind="clip",origin="kept"}',
    ]
    before = [value(scraped(service.url), name) for name in names]
    sent = owner.post("/api/mail", files={"file": ("one.eml", a_mail())}).raise_for_status()
    mails = [mail["id"] for mail in sent.json()["mails"]]
    for title in ("Once", "Once more"):
        order = {"minutes": 1, "title": title, "email_ids": mails}
        ordered = owner.post("/api/podcast/generate", json=order).raise_for_status()
        ended(owner, ordered.json()["id"])
    after = [value(scraped(service.url), name) for name in names]

    assert after[0] == before[0] + 2
    assert all(new > old for new, old in zip(after[1:], before[1:], strict=True))


def ended(client: httpx2.Client, id: str) -> None:
    late = monotonic() + 60
    while client.get(f"/api/podcast/{id}").json()["status"] not in ("ready", "failed"):
        assert monotonic() < late
        sleep(0.1)


async def waiting(settings: Settings) -> None:
    """Two brews that wait, one at work, a schedule that is late, a worker alive and one dead."""
    await migrate(settings)
    engine = open_database(settings)
    listener, now = await add_listener(Listeners(engine)), datetime.now(UTC)
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


async def test_what_waits_is_told_from_the_database(tmp_path: Path) -> None:
    settings = make_settings(data=tmp_path)
    await waiting(settings)
    engine = open_database(settings)
    found = await Workloads(engine, dead_after=30).now()
    await engine.dispose()
    figures = render_metrics(settings, found, end_of).decode()

    assert value(figures, "audiobrew_queue_depth") == 2
    assert 90 <= value(figures, "audiobrew_queue_oldest_seconds") < 120
    assert value(figures, "audiobrew_brews_running") == 1
    assert value(figures, 'audiobrew_episodes_open{stage="speaking"}') == 1
    assert value(figures, "audiobrew_workers") == 1
    assert value(figures, "audiobrew_schedules_due") == 1
    assert 120 <= value(figures, "audiobrew_schedules_late_seconds") < 150


async def test_the_database_is_asked_now_and_then_only(tmp_path: Path) -> None:
    settings = make_settings(data=tmp_path)
    await waiting(settings)
    engine, asked = open_database(settings), 0

    def count(*_: object) -> None:
        nonlocal asked
        asked += 1

    sa.event.listen(engine.sync_engine, "before_cursor_execute", count)
    workloads = Workloads(engine, dead_after=30, fresh=60)
    first = await workloads.now()
    once = asked
    told = await asyncio.gather(*(workloads.now() for _ in range(20)))
    await engine.dispose()

    assert told == [first] * 20
    assert asked == once <= 3


async def test_figures_are_told_while_the_database_is_away(tmp_path: Path) -> None:
    settings = make_settings(data=tmp_path)
    await migrate(settings)
    with connect_to_tables(tmp_path) as other:
        other.execute(sa.text("drop table schedules"))
    engine = open_database(settings)
    found = await Workloads(engine, dead_after=30).now()
    await engine.dispose()
    figures = render_metrics(settings, found, end_of).decode()

    assert found is None
    assert "\naudiobrew_database_up 0.0\n" in figures
    assert "audiobrew_queue_depth" not in figures


def test_the_end_of_a_model_that_is_set_is_told() -> None:
    keyed = Settings(openai_api_key="sk-stand-in", writer_model="gpt-4o", voice="espeak")
    nothing = Workload(open={}, oldest_seconds=0, workers=0, due=0, late_seconds=0)
    series = 'audiobrew_model_end_seconds{model="gpt-4o",part="writer"}'

    moment = datetime(2027, 1, 14, tzinfo=UTC).timestamp()
    assert value(render_metrics(keyed, nothing, end_of).decode(), series) == moment
    assert "gpt-4o" not in render_metrics(Settings(writer_model="gpt-4o"), nothing, end_of).decode()


@contextmanager
def started(folder: Path, *command: str, **env: str) -> Iterator[Path]:
    """A program of ours in a process of its own; yields where it logs."""
    told = {"AUDIOBREW_DATA": str(folder / "data"), "METRICS_TOKEN": "figures", **env}
    log = folder / "log"
    with log.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            env=clean_environment() | told,
            stdout=written,
            stderr=written,
        )
    try:
        yield log
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def answering(url: str, log: Path) -> None:
    late = monotonic() + 120
    while monotonic() < late:
        try:
            httpx2.get(f"{url}/health").raise_for_status()
            return
        except httpx2.TransportError:
            sleep(0.2)
    raise AssertionError(log.read_text())


def test_two_processes_behind_one_port_tell_the_sum(tmp_path: Path) -> None:
    counts, port = tmp_path / "counts", str(free_port())
    counts.mkdir()
    server = ("uvicorn", "--factory", "audiobrew.app:service", "--workers", "2", "--port", port)
    logs = ("--log-config", str(Path(__file__).parents[2] / "deploy" / "logs.json"))
    patient = ("--timeout-worker-healthcheck", "120")  # else a busy machine ends them as they start
    url = f"http://127.0.0.1:{port}"
    env = {"PROMETHEUS_MULTIPROC_DIR": str(counts)}
    with started(tmp_path, *server, *logs, *patient, **env) as log:
        answering(url, log)
        for _ in range(40):  # each on a connection of its own, so that both answer some
            assert httpx2.get(f"{url}/api/mail").status_code == 401
        told = {value(scraped(url), COUNTED) for _ in range(6)}
        processes = {name.name for name in counts.glob("counter_*.db")}

    assert told == {40.0}
    assert len(processes) >= 2
    assert all(line.startswith("{") for line in log.read_text().splitlines())


def test_a_worker_tells_how_it_is_and_no_more(tmp_path: Path) -> None:
    port = str(free_port())
    url = f"http://127.0.0.1:{port}"
    with started(tmp_path, "audiobrew", "worker", "--port", port) as log:
        answering(url, log)
        ready, nobody = httpx2.get(f"{url}/ready", timeout=30), httpx2.get(f"{url}/metrics")
        other = httpx2.get(f"{url}/api/podcast/list")
        figures = scraped(url)

    assert ready.status_code == 200
    assert nobody.status_code == 401
    assert other.status_code == 404
    assert value(figures, "audiobrew_workers") == 1
    assert "Traceback" not in log.read_text()

"""The old system's failure, seen on Vercel's own runtime; and our entry, served by the same."""

import ast
import shutil
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

import httpx2
import psycopg
import pytest

from tests.hosting.vercel import RUNTIMES, Function, environment, function
from tests.product import SAMPLES
from tests.production import Production

ENTRY = Path(__file__).parents[2] / "deploy" / "vercel" / "api" / "index.py"
AS_BEFORE = """
from fastapi import FastAPI
from mangum import Mangum

app = FastAPI()
handler = Mangum(app)
"""
LIFELESS = """
async def app(scope, receive, send):
    seen.append(scope["type"])
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": ",".join(seen).encode()})

seen = []
"""


@pytest.fixture(scope="module", params=RUNTIMES)
def ours(
    request: pytest.FixtureRequest, live: Production, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Function]:
    with served(request.param, live, tmp_path_factory.mktemp("function")) as started:
        yield started


@contextmanager
def served(runtime: str, live: Production, folder: Path, **more: str) -> Iterator[Function]:
    """Our entry as Vercel starts it: its own variable set, and a folder that is not the checkout."""
    (folder / "api").mkdir()
    shutil.copy(ENTRY, folder / "api" / "index.py")
    env = variables(live, folder) | more
    with function(runtime, folder, "api/index.py", env) as started:
        yield started


def variables(live: Production, folder: Path) -> dict[str, str]:
    (folder / "tmp").mkdir(exist_ok=True)
    unset = {"AUDIOBREW_DATA", "AUDIOBREW_HOST", "PORT"}
    told = {name: value for name, value in live.environment.items() if name not in unset}
    return environment(**told, VERCEL="1", TMPDIR=str(folder / "tmp"))


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_what_the_old_entry_exported_ends_the_runtime(runtime: str, tmp_path: Path) -> None:
    (tmp_path / "index.py").write_text(AS_BEFORE)

    with function(runtime, tmp_path, "index.py", environment()) as started:
        assert started.http is None
        assert started.process.returncode == 1
        assert "TypeError: issubclass() arg 1 must be a class" in started.printed


def test_the_entry_has_no_name_that_the_runtime_takes_for_a_class() -> None:
    tree = ast.parse(ENTRY.read_text(encoding="utf-8"))
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {alias.asname or alias.name for node in ast.walk(tree)
              if isinstance(node, ast.Import | ast.ImportFrom) for alias in node.names}  # fmt: skip
    made = {
        node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }

    assert "app" in names
    assert not {name for name in names | made if name.lower() == "handler"}


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_only_the_newer_runtime_tells_of_the_process_s_life(runtime: str, tmp_path: Path) -> None:
    (tmp_path / "index.py").write_text(LIFELESS)

    with function(runtime, tmp_path, "index.py", environment()) as started:
        told = started.client.get("/").text

    assert told == {"vercel-python-5": "http", "vercel-python-6": "lifespan,http"}[runtime]


def test_the_first_requests_may_come_all_at_once(ours: Function, live: Production) -> None:
    signed_in = signed_up(ours, live, "first")

    def listed(_: int) -> int:
        return ours.client.get("/api/podcast/list", headers=signed_in).status_code

    with ThreadPoolExecutor(8) as many:
        assert set(many.map(listed, range(40))) == {HTTPStatus.OK}


def test_a_listener_is_served_and_nobody_is_not(ours: Function, live: Production) -> None:
    signed_in = signed_up(ours, live, "served")

    assert ours.client.get("/health").json()["status"] == "healthy"
    assert ours.client.get("/api/podcast/list").status_code == HTTPStatus.UNAUTHORIZED
    assert ours.client.get("/api/podcast/list", headers=signed_in).json() == []
    assert ours.becomes_ready()


def test_what_is_ordered_here_waits_for_a_worker(ours: Function, live: Production) -> None:
    """Its events are a stream, which crosses from our loop to the runtime's part by part."""
    http, signed_in = ours.client, signed_up(ours, live, "waits")
    sample = min(SAMPLES.glob("*.eml"))
    mail = {"file": (sample.name, sample.read_bytes())}
    http.post("/api/mail", files=mail, headers=signed_in).raise_for_status()

    ordered = http.post("/api/podcast/generate", json={"minutes": 1}, headers=signed_in)

    id = ordered.raise_for_status().json()["id"]
    assert http.get(f"/api/podcast/{id}", headers=signed_in).json()["status"] == "waiting"
    assert queued(live, id) == "ENQUEUED"
    with http.stream("GET", f"/api/podcast/{id}/events", headers=signed_in) as answer:
        assert "waiting" in next(answer.iter_text())


def test_a_runtime_that_is_told_to_stop_stops(ours: Function) -> None:
    ours.client.get("/health").raise_for_status()

    ours.process.send_signal(signal.SIGTERM)

    ours.process.wait(60)


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_a_database_that_is_away_at_the_start_is_told_and_found_again(
    runtime: str, live: Production, tmp_path: Path
) -> None:
    with served(runtime, live, tmp_path) as ours:
        live.postgres.stop()
        try:
            away = ours.client.get("/health")
        finally:
            live.postgres.start()

        assert away.status_code == HTTPStatus.SERVICE_UNAVAILABLE
        assert away.headers["content-type"] == "application/problem+json"
        assert ours.client.get("/health").status_code == HTTPStatus.OK


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_a_start_that_failed_half_way_is_tried_again(
    runtime: str, live: Production, tmp_path: Path
) -> None:
    """The engine could not have its schema; then somebody gave it."""
    address = live.postgres.database()
    owned(live, address, "postgres")

    with served(runtime, live, tmp_path, DATABASE_URL=address) as ours:
        assert failed(ours)
        owned(live, address, "audiobrew")
        assert ours.client.get("/health").status_code == HTTPStatus.OK


def owned(live: Production, address: str, owner: str) -> None:
    with psycopg.connect(live.postgres.as_owner(address), autocommit=True) as database:
        database.execute(f"alter schema audiobrew_engine owner to {owner}".encode())


def failed(ours: Function) -> bool:
    """Whether a request is answered by a 500 of the runtime's, or by no words at all."""
    try:
        return ours.client.get("/health").status_code >= HTTPStatus.INTERNAL_SERVER_ERROR
    except httpx2.TransportError:
        return True


def signed_up(ours: Function, live: Production, name: str) -> dict[str, str]:
    listener = live.sign_up(f"{name}.{ours.process.pid}@mail.example")
    return {"Authorization": f"Bearer {listener.token}"}


def queued(live: Production, episode: str) -> str:
    engine = "select status from audiobrew_engine.workflow_status where workflow_uuid like %s"
    with psycopg.connect(live.postgres.as_owner(live.database)) as database:
        found = database.execute(engine.encode(), [f"{episode}.%"]).fetchone()
    assert found
    return str(found[0])

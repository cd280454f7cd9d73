"""Our entry point on Vercel's own runtime, and the failure of the old system's entry point there."""

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

from tests.hosting.vercel import RUNTIMES, Function, environment, run_function
from tests.product import SAMPLES
from tests.production import Production

ENTRY = Path(__file__).parents[2] / "deploy" / "vercel" / "api" / "index.py"
OLD_ENTRY = """
from fastapi import FastAPI
from mangum import Mangum

app = FastAPI()
handler = Mangum(app)
"""
APP_WITHOUT_LIFESPAN = """
async def app(scope, receive, send):
    seen.append(scope["type"])
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": ",".join(seen).encode()})

seen = []
"""


@pytest.fixture(scope="module", params=RUNTIMES)
def our_function(
    request: pytest.FixtureRequest, live: Production, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Function]:
    with serve_entry(request.param, live, tmp_path_factory.mktemp("function")) as running:
        yield running


@contextmanager
def serve_entry(runtime: str, live: Production, folder: Path, **more: str) -> Iterator[Function]:
    """Our entry as Vercel starts it: with its variable set, in a folder outside of the checkout."""
    (folder / "api").mkdir()
    shutil.copy(ENTRY, folder / "api" / "index.py")
    env = variables(live, folder) | more
    with run_function(runtime, folder, "api/index.py", env) as running:
        yield running


def variables(live: Production, folder: Path) -> dict[str, str]:
    (folder / "tmp").mkdir(exist_ok=True)
    unset = {"AUDIOBREW_DATA", "AUDIOBREW_HOST", "PORT"}
    hosts_variables = {name: value for name, value in live.environment.items() if name not in unset}
    return environment(**hosts_variables, VERCEL="1", TMPDIR=str(folder / "tmp"))


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_the_old_entry_crashes_the_runtime(runtime: str, tmp_path: Path) -> None:
    (tmp_path / "index.py").write_text(OLD_ENTRY)

    with run_function(runtime, tmp_path, "index.py", environment()) as running:
        assert running.http is None
        assert running.process.returncode == 1
        assert "TypeError: issubclass() arg 1 must be a class" in running.printed


def test_the_entry_has_no_name_that_the_runtime_takes_for_a_class() -> None:
    tree = ast.parse(ENTRY.read_text(encoding="utf-8"))
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {alias.asname or alias.name for node in ast.walk(tree)
              if isinstance(node, ast.Import | ast.ImportFrom) for alias in node.names}  # fmt: skip
    definitions = {
        node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }

    assert "app" in names
    assert not {name for name in names | definitions if name.lower() == "handler"}


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_only_the_newer_runtime_sends_lifespan_events(runtime: str, tmp_path: Path) -> None:
    (tmp_path / "index.py").write_text(APP_WITHOUT_LIFESPAN)

    with run_function(runtime, tmp_path, "index.py", environment()) as running:
        events = running.client.get("/").text

    assert events == {"vercel-python-5": "http", "vercel-python-6": "lifespan,http"}[runtime]


def test_the_first_requests_may_be_concurrent(our_function: Function, live: Production) -> None:
    signed_in = sign_up(our_function, live, "first")

    def list_status(_: int) -> int:
        return our_function.client.get("/api/podcast/list", headers=signed_in).status_code

    with ThreadPoolExecutor(8) as many:
        assert set(many.map(list_status, range(40))) == {HTTPStatus.OK}


def test_only_a_listener_is_served(our_function: Function, live: Production) -> None:
    signed_in = sign_up(our_function, live, "served")

    assert our_function.client.get("/health").json()["status"] == "healthy"
    assert our_function.client.get("/api/podcast/list").status_code == HTTPStatus.UNAUTHORIZED
    assert our_function.client.get("/api/podcast/list", headers=signed_in).json() == []
    assert our_function.becomes_ready()


def test_an_order_waits_for_a_worker(our_function: Function, live: Production) -> None:
    """Its events are a stream, which passes from our loop to the runtime's in chunks."""
    http, signed_in = our_function.client, sign_up(our_function, live, "waits")
    sample = min(SAMPLES.glob("*.eml"))
    mail = {"file": (sample.name, sample.read_bytes())}
    http.post("/api/mail", files=mail, headers=signed_in).raise_for_status()

    order = http.post("/api/podcast/generate", json={"minutes": 1}, headers=signed_in)

    id = order.raise_for_status().json()["id"]
    assert http.get(f"/api/podcast/{id}", headers=signed_in).json()["status"] == "waiting"
    assert workflow_status(live, id) == "ENQUEUED"
    with http.stream("GET", f"/api/podcast/{id}/events", headers=signed_in) as response:
        assert "waiting" in next(response.iter_text())


def test_a_runtime_that_is_told_to_stop_stops(our_function: Function) -> None:
    our_function.client.get("/health").raise_for_status()

    our_function.process.send_signal(signal.SIGTERM)

    our_function.process.wait(60)


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_a_request_fails_while_the_database_is_down_and_succeeds_afterwards(
    runtime: str, live: Production, tmp_path: Path
) -> None:
    with serve_entry(runtime, live, tmp_path) as our_function:
        live.postgres.stop()
        try:
            response = our_function.client.get("/health")
        finally:
            live.postgres.start()

        assert response.status_code == HTTPStatus.SERVICE_UNAVAILABLE
        assert response.headers["content-type"] == "application/problem+json"
        assert our_function.client.get("/health").status_code == HTTPStatus.OK


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_a_failed_start_is_repeated(runtime: str, live: Production, tmp_path: Path) -> None:
    """The engine is not allowed to use its schema until later."""
    address = live.postgres.database()
    set_schema_owner(live, address, "postgres")

    with serve_entry(runtime, live, tmp_path, DATABASE_URL=address) as our_function:
        assert request_fails(our_function)
        set_schema_owner(live, address, "audiobrew")
        assert our_function.client.get("/health").status_code == HTTPStatus.OK


def set_schema_owner(live: Production, address: str, owner: str) -> None:
    with psycopg.connect(live.postgres.as_owner(address), autocommit=True) as database:
        database.execute(f"alter schema audiobrew_engine owner to {owner}".encode())


def request_fails(our_function: Function) -> bool:
    """Whether the runtime responds with a 500, or not at all."""
    try:
        return our_function.client.get("/health").status_code >= HTTPStatus.INTERNAL_SERVER_ERROR
    except httpx2.TransportError:
        return True


def sign_up(our_function: Function, live: Production, name: str) -> dict[str, str]:
    listener = live.sign_up(f"{name}.{our_function.process.pid}@mail.example")
    return {"Authorization": f"Bearer {listener.token}"}


def workflow_status(live: Production, episode: str) -> str:
    engine = "select status from audiobrew_engine.workflow_status where workflow_uuid like %s"
    with psycopg.connect(live.postgres.as_owner(live.database)) as database:
        row = database.execute(engine.encode(), [f"{episode}.%"]).fetchone()
    assert row
    return str(row[0])

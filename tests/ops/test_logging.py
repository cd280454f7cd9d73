"""The log of a real process contains no secrets and nothing that a client sent."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx2
import pytest
from audiobrew.ops.logging import RequestLogMiddleware
from starlette.types import Message, Receive, Scope, Send
from structlog.testing import capture_logs

CANARY = "sesame-swordfish"
# A form whose library quotes what it does not understand.
FORM = (
    b'--x\r\nContent-Disposition: form-data; name="a"\r\n'
    b"Content-Transfer-Encoding: " + CANARY.encode() + b"\r\n\r\nb\r\n--x--\r\n"
)
FORM_TYPE = {"Content-Type": "multipart/form-data; boundary=x"}
SERVED = """
import sys, uvicorn, sqlalchemy as sa
from pathlib import Path
from audiobrew.app import create_app
from audiobrew.ops.logging import configure_logging
from audiobrew.settings import Settings

configure_logging()
app = create_app(
    Settings(
        data=Path(sys.argv[1]),
        allowed_origins=["http://localhost:5173"],
        mail_domain="mail.example",
        mailgun_signing_key="0123456789abcdef",
    )
)

@app.post("/api/crash/{what}")
async def crash(what: str) -> None:
    async with app.state.ports.database.begin() as database:
        await database.execute(sa.text("insert into mails (subject) values (:told)"), {"told": what})

@app.get("/api/bug/{what}")
async def bug(what: str) -> None:
    raise RuntimeError(f"the mail said {what}")

class PortPrintingServer(uvicorn.Server):
    async def startup(self, sockets=None):
        await super().startup(sockets)
        print(self.servers[0].sockets[0].getsockname()[1], flush=True)

PortPrintingServer(uvicorn.Config(app, port=0, log_config=None, access_log=False)).run()
"""


@contextmanager
def serve(folder: Path) -> Iterator[httpx2.Client]:
    """The service in its own process. Its log is in `folder / "log"`."""
    command = [sys.executable, "-c", SERVED, str(folder / "data")]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log)
    with process:
        assert process.stdout
        port = process.stdout.readline().decode().strip()
        try:
            with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
                yield client
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def requests_and_log(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[httpx2.Response], str]:
    """The responses, and the whole log after the service has stopped."""
    folder = tmp_path_factory.mktemp("told")
    secret = {"Authorization": f"Bearer {CANARY}", "Origin": "http://localhost:5173"}
    requests: list[tuple[str, str, dict[str, Any]]] = [
        ("GET", f"/api/bug/{CANARY}", {}),
        ("POST", f"/api/crash/{CANARY}", {}),
        ("GET", f"/feed/{CANARY}/rss.xml", {}),
        ("GET", f"/{CANARY}?{CANARY}", {}),
        ("POST", "/api/session", {"json": {"code": CANARY}}),
        ("POST", "/api/session", {"content": CANARY.encode()}),
        ("POST", "/api/mail", {"files": {"file": (CANARY, CANARY.encode())}}),
        ("POST", "/api/inbound/mailgun", {"content": FORM, "headers": secret | FORM_TYPE}),
    ]
    with serve(folder) as client:
        responses = [
            client.request(method, path, **{"headers": secret, **options})
            for method, path, options in requests
        ]
    return responses, (folder / "log").read_text()


def parse_lines(log: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.splitlines()]


def test_every_line_is_json_and_contains_nothing_that_was_sent(
    requests_and_log: tuple[list[httpx2.Response], str],
) -> None:
    _, log = requests_and_log

    assert len(parse_lines(log)) >= 7
    assert CANARY not in log


def test_a_request_is_found_in_the_log_by_its_id(
    requests_and_log: tuple[list[httpx2.Response], str],
) -> None:
    responses, log = requests_and_log
    by_id = {line["request"]: line for line in parse_lines(log) if line["event"] == "request"}

    for response in responses:
        line = by_id[response.headers["x-request-id"]]
        assert line["status"] == response.status_code
        assert line["seconds"] >= 0
    assert by_id[responses[2].headers["x-request-id"]]["route"] == "/feed/{token}/rss.xml"


@pytest.mark.parametrize("has_sides", [True, False])
async def test_a_status_is_a_number_and_only_one_of_two_sides_is_named(has_sides: bool) -> None:
    async def refuse(_: Scope, __: Receive, send: Send) -> None:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        await send({"type": "http.response.start", "status": status, "headers": []})

    async def ignore(_: Message) -> None:
        return

    scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
    middleware = RequestLogMiddleware(refuse, side="vercel", has_sides=has_sides)
    with capture_logs() as lines:
        await middleware(scope, ignore, ignore)  # type: ignore[arg-type]

    assert [repr(line["status"]) for line in lines] == ["422"]
    assert [line.get("side") for line in lines] == (["vercel"] if has_sides else [None])


@pytest.mark.parametrize(
    ("id", "is_kept"),
    [
        ("9f1c2b3a4d5e6f708192a3b4c5d6e7f8", True),
        ("6b1f3c52-6a6e-4c55-8e0a-0d5c8a4f2b11", True),
        (CANARY, False),
        ("eyJhbGciOiJFUzI1NiJ9.e30.c2ln", False),
        ("abc", False),
        ("a" * 65, False),
        ("ada@listener.example", False),
    ],
)
def test_only_a_well_formed_request_id_is_kept(
    anonymous: httpx2.Client, id: str, is_kept: bool
) -> None:
    response = anonymous.get("/health", headers={"X-Request-ID": id})

    assert (response.headers["x-request-id"] == id) is is_kept
    assert re.fullmatch(r"[0-9a-f-]{16,64}", response.headers["x-request-id"])


@pytest.mark.parametrize(("index", "error"), [(0, "RuntimeError"), (1, "IntegrityError")])
def test_a_crash_is_logged_once_with_its_id_and_its_traceback(
    requests_and_log: tuple[list[httpx2.Response], str], index: int, error: str
) -> None:
    responses, log = requests_and_log
    id = responses[index].headers["x-request-id"]
    crashes = [line for line in parse_lines(log) if "frames" in line and line.get("request") == id]

    [crash] = crashes
    assert crash["error"] == error
    assert any(re.search(r"<string>:\d+ (bug|crash)", frame) for frame in crash["frames"])
    assert sum("frames" in line or "Traceback" in str(line) for line in parse_lines(log)) == 2


@pytest.mark.parametrize("index", [0, 1])
def test_an_allowed_page_can_read_the_response_to_a_crash(
    requests_and_log: tuple[list[httpx2.Response], str], index: int
) -> None:
    response = requests_and_log[0][index]

    assert response.status_code == 500
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["access-control-allow-origin"] == "http://localhost:5173"
    assert response.headers["cache-control"] == "private, no-store"
    assert response.json()["detail"].endswith("Please try again.")
    assert CANARY not in response.text

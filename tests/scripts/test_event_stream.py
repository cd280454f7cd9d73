"""`scripts/brew.py` follows a brew to its end, through silence and lost connections."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

from tests.standins.local_server import serving

SCRIPTS = Path(__file__).parents[2] / "scripts"
PROGRAM = """
import sys
from uuid import UUID
from audiobrew_client import AuthenticatedClient
from brew import follow
from connection import Progress
with AuthenticatedClient(sys.argv[1], "token") as client:
    follow(client, UUID(int=0), Progress())
"""
KEEP_ALIVE = b": ping\n\n"


def event(id: int, **state: object) -> bytes:
    return f"id: {id}\ndata: {json.dumps(state)}\n\n".encode()


def test_a_silent_stream_and_one_that_breaks_off_are_followed_to_the_end() -> None:
    last_event_ids: list[str | None] = []

    def stream(after: str | None) -> Iterator[bytes]:
        yield KEEP_ALIVE
        if after is None:
            yield event(7, event="progress", stage="speaking", done=1, total=2, percent=60)
            yield KEEP_ALIVE
        else:
            yield event(8, event="end", stage="ready", percent=100, trouble=None, trouble_type=None)

    async def events(request: Request) -> StreamingResponse:
        last_event_ids.append(request.headers.get("last-event-id"))
        return StreamingResponse(stream(last_event_ids[-1]), media_type="text/event-stream")

    with serving(Starlette(routes=[Route("/api/podcast/{id}/events", events)])) as url:
        result = subprocess.run(
            [sys.executable, "-c", PROGRAM, url],
            cwd=SCRIPTS,
            capture_output=True,
            text=True,
            timeout=120,
        )

    assert result.returncode == 0, result.stderr
    assert result.stderr == "Speaking\n"
    assert last_event_ids == [None, "7"]

"""A brew is followed through silence and cut-offs, to its end."""

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
STILL_HERE = b": ping\n\n"


def told(id: int, **state: object) -> bytes:
    return f"id: {id}\ndata: {json.dumps(state)}\n\n".encode()


def test_a_silent_stream_and_one_that_breaks_off_are_followed_to_the_end() -> None:
    asked: list[str | None] = []

    def stream(after: str | None) -> Iterator[bytes]:
        yield STILL_HERE
        if after is None:
            yield told(7, event="progress", stage="speaking", done=1, total=2, percent=60)
            yield STILL_HERE
        else:
            yield told(8, event="end", stage="ready", percent=100, trouble=None, trouble_type=None)

    async def events(request: Request) -> StreamingResponse:
        asked.append(request.headers.get("last-event-id"))
        return StreamingResponse(stream(asked[-1]), media_type="text/event-stream")

    with serving(Starlette(routes=[Route("/api/podcast/{id}/events", events)])) as url:
        ended = subprocess.run(
            [sys.executable, "-c", PROGRAM, url],
            cwd=SCRIPTS,
            capture_output=True,
            text=True,
            timeout=120,
        )

    assert ended.returncode == 0, ended.stderr
    assert ended.stderr == "Speaking\n"
    assert asked == [None, "7"]

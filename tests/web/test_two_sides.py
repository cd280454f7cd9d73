"""The app in a browser while railway is killed: it continues on the other side."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.product import SAMPLES
from tests.production import PASSWORD, Listener
from tests.standins.local_server import serving
from tests.two_sides import TwoSides, run_two_sides
from tests.web.browser import MINUTES, require_build, run_projects

pytestmark = pytest.mark.timeout((MINUTES + 5) * 60)
HEARTBEAT = {"AUDIOBREW_LEASE_BEAT_SECONDS": "0.5", "AUDIOBREW_LEASE_DEAD_AFTER_SECONDS": "3"}


@pytest.fixture
def sides(tmp_path: Path) -> Iterator[TwoSides]:
    require_build()
    with run_two_sides(tmp_path, **HEARTBEAT) as sides:
        sides.production.vendors.openai.latency = True
        assert sides.production.run("rollout", "set", "100").returncode == 0
        yield sides


def test_a_listener_does_not_notice_that_railway_died(sides: TwoSides) -> None:
    ada = sides.production.sign_up("ada@mail.example")
    send_samples(sides, ada)
    variables = {"BASE_URL": sides.url, "ADDRESS": ada.address, "PASSWORD": PASSWORD}

    with serving(control_server(sides)) as url:
        assert run_projects("two-sides", CONTROL=url, **variables) == 0
    assert {request["side"] for request in sides.requests()} == {"railway", "vercel"}


def send_samples(sides: TwoSides, who: Listener) -> None:
    headers = {"Authorization": f"Bearer {who.token}"}
    with httpx2.Client(base_url=sides.url, headers=headers, timeout=60) as http:
        for sample in sorted(SAMPLES.glob("0[1-3]*.eml")):
            mail = {"file": (sample.name, sample.read_bytes(), "message/rfc822")}
            http.post("/api/mail", files=mail).raise_for_status()


def control_server(sides: TwoSides) -> Starlette:
    """Serve the requests with which the browser spec kills and starts processes."""

    async def kill_railway(_: Request) -> Response:
        sides.kill_railway()
        return Response(status_code=204)

    async def start_worker(_: Request) -> Response:
        sides.production.start("worker", "--data", str(sides.production.folder / "laptop"))
        return Response(status_code=204)

    actions = {"/kill-railway": kill_railway, "/worker-elsewhere": start_worker}
    return Starlette(
        routes=[Route(path, action, methods=["POST"]) for path, action in actions.items()]
    )

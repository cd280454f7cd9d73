"""A listener in a real browser while railway is killed: the app goes on at the other side, without a word."""

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
from tests.standins.loopback import serving
from tests.two_sides import TwoSides, run_two_sides
from tests.web.browser import MINUTES, built, journey

pytestmark = pytest.mark.timeout((MINUTES + 5) * 60)
LEASE = {"AUDIOBREW_LEASE_BEAT_SECONDS": "0.5", "AUDIOBREW_LEASE_DEAD_AFTER_SECONDS": "3"}


@pytest.fixture
def place(tmp_path: Path) -> Iterator[TwoSides]:
    built()
    with run_two_sides(tmp_path, **LEASE) as place:
        place.production.vendors.openai.latency = True
        assert place.production.run("rollout", "set", "100").returncode == 0
        yield place


def test_a_listener_does_not_notice_that_railway_died(place: TwoSides) -> None:
    ada = place.production.sign_up("ada@mail.example")
    send_samples(place, ada)
    told = {"BASE_URL": place.url, "ADDRESS": ada.address, "PASSWORD": PASSWORD}

    with serving(control(place)) as url:
        assert journey("two-sides", CONTROL=url, **told) == 0
    assert {one["side"] for one in place.asked()} == {"railway", "vercel"}


def send_samples(place: TwoSides, who: Listener) -> None:
    headers = {"Authorization": f"Bearer {who.token}"}
    with httpx2.Client(base_url=place.url, headers=headers, timeout=60) as http:
        for sample in sorted(SAMPLES.glob("0[1-3]*.eml")):
            mail = {"file": (sample.name, sample.read_bytes(), "message/rfc822")}
            http.post("/api/mail", files=mail).raise_for_status()


def control(place: TwoSides) -> Starlette:
    """What the journey has done to the machines."""

    async def kill(_: Request) -> Response:
        place.kill_railway()
        return Response(status_code=204)

    async def worker(_: Request) -> Response:
        place.production.start("worker", "--data", str(place.production.folder / "laptop"))
        return Response(status_code=204)

    asked = {"/kill-railway": kill, "/worker-elsewhere": worker}
    return Starlette(routes=[Route(path, act, methods=["POST"]) for path, act in asked.items()])

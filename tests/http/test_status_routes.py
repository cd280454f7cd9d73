"""Greeting, health, readiness and metrics."""

import asyncio
import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from time import sleep
from unittest.mock import Mock

import httpx2
import pytest
import sqlalchemy as sa
from audiobrew.db.engine import is_migrated, migrate, open_database
from audiobrew.http.readiness import State
from audiobrew.http.static_app import NOT_BUILT
from audiobrew.models.deprecations import end_of, has_ended
from audiobrew.wiring import open_ports

from tests.serving import Service
from tests.settings_factory import connect_to_tables, make_settings
from tests.standins.openai import OpenAI
from tests.standins.openai.local_server import serving


def test_health_is_what_older_clients_expect(anonymous: httpx2.Client) -> None:
    assert anonymous.get("/health").json() == {"status": "healthy", "service": "audiobrew-api"}


def test_the_root_greets_programs(anonymous: httpx2.Client) -> None:
    assert anonymous.get("/").json()["message"].startswith("This is AudioBrew")


def test_the_root_says_how_to_build_the_app(anonymous: httpx2.Client) -> None:
    response = anonymous.get("/", headers={"Accept": "text/html,*/*"})

    assert response.text == NOT_BUILT


def test_a_running_service_is_ready(anonymous: httpx2.Client) -> None:
    response = anonymous.get("/ready")

    assert response.status_code == 200
    assert response.json()["ready"] is True
    assert [check["name"] for check in response.json()["checks"]] == [
        "data folder", "database", "media", "sign-in", "addresses", "browser key", "writer", "voice", "gmail",
    ]  # fmt: skip
    assert all(check["ready"] and check["told"] for check in response.json()["checks"])


def test_details_of_readiness_need_the_metrics_token(
    service: Service, anonymous: httpx2.Client
) -> None:
    with service.client("figures") as metrics_client:
        details = metrics_client.get("/ready").text
    details_seen = {check["told"] for check in anonymous.get("/ready").json()["checks"]}

    assert str(service.settings.data) in details
    assert details_seen == {"ready"}


async def test_concurrent_requests_share_one_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, calls = make_settings(data=tmp_path), []
    await migrate(settings)
    async with open_ports(settings) as ports:
        original_check = ports.media.check

        async def check() -> None:
            calls.append(1)
            await original_check()

        monkeypatch.setattr(ports.media, "check", check)
        await asyncio.gather(*(ports.health_checks.run(ports) for _ in range(200)))

    assert len(calls) == 1


def test_a_service_without_its_data_folder_is_not_ready(
    service: Service, anonymous: httpx2.Client
) -> None:
    elsewhere = service.settings.data.with_name("away")
    service.settings.data.rename(elsewhere)
    sleep(2.1)  # results are reused for two seconds
    response = anonymous.get("/ready")
    shutil.move(elsewhere, service.settings.data)
    sleep(2.1)

    assert response.status_code == 503
    assert "media" in [check["name"] for check in response.json()["checks"] if not check["ready"]]
    assert anonymous.get("/ready").status_code == 200


async def test_a_database_of_an_earlier_version_is_not_ready(tmp_path: Path) -> None:
    settings = make_settings(data=tmp_path)
    await migrate(settings)
    with connect_to_tables(tmp_path) as other:
        other.execute(sa.text("update alembic_version set version_num = '0001'"))
    engine = open_database(settings)
    migrated = await is_migrated(engine)
    await engine.dispose()

    assert migrated is False


async def test_a_missing_voice_is_not_ready(tmp_path: Path) -> None:
    settings = make_settings(data=tmp_path, espeak_library=tmp_path / "no-library.so")
    await migrate(settings)
    async with open_ports(settings) as ports:
        results = await ports.health_checks.run(ports)

    assert [one.name for one in results if one.state is State.MISSING] == ["voice"]


@pytest.mark.parametrize(
    ("model", "shutdown_date", "state", "detail"),
    [
        ("gpt-6-luna", None, State.READY, "gpt-6-luna"),
        (
            "gpt-6-luna",
            "2026-12-24",
            State.WARNING,
            "gpt-6-luna will be shut down on 2026-12-24: choose ",
        ),
        ("gpt-6-luna", "2027-12-24", State.READY, "gpt-6-luna"),
        (
            "gpt-6-luna",
            "2026-12-01",
            State.MISSING,
            "gpt-6-luna was shut down on 2026-12-01: choose ",
        ),
        ("gpt-6-luna", "some day", State.READY, "gpt-6-luna"),
        ("gpt-4o", None, State.WARNING, "gpt-4o will be shut down on 2027-01-14: choose "),
        ("gpt-4o", "2027-06-01", State.READY, "gpt-4o"),
        ("gpt-5", None, State.WARNING, "gpt-5 will be shut down on 2026-12-11: choose "),
        ("gpt-9", None, State.MISSING, "gpt-9: OpenAI does not offer it to this key: choose "),
    ],
)
async def test_a_model_must_be_offered_and_not_end_soon(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    model: str,
    shutdown_date: str | None,
    state: State,
    detail: str,
) -> None:
    """OpenAI's own date, if its answer has one, counts more than the announced one in our table."""
    today = datetime(2026, 12, 1, tzinfo=UTC)
    monkeypatch.setattr("audiobrew.http.readiness.datetime", Mock(now=lambda zone: today))
    stand_in = OpenAI()
    stand_in.models |= {"gpt-4o", "gpt-5"}
    if shutdown_date:
        stand_in.shutdown_dates[model] = shutdown_date
    with serving(stand_in) as url:
        settings = make_settings(
            data=tmp_path, openai_api_key="sk-stand-in", openai_base_url=url, writer_model=model
        )
        await migrate(settings)
        async with open_ports(settings) as ports:
            results = await ports.health_checks.run(ports)

    [writer] = [one for one in results if one.name == "writer"]
    assert (writer.state, writer.detail.startswith(detail)) == (state, True), writer.detail
    assert ("AUDIOBREW_WRITER_MODEL" in writer.detail) is (state is not State.READY)


async def test_a_wrong_key_is_not_ready_and_not_shown(tmp_path: Path) -> None:
    with serving(OpenAI(key="sk-right")) as url:
        settings = make_settings(
            data=tmp_path, openai_api_key="sk-sesame-wrong", openai_base_url=url
        )
        await migrate(settings)
        async with open_ports(settings) as ports:
            results = await ports.health_checks.run(ports)
    failures = [one for one in results if one.state is State.MISSING]

    assert [one.name for one in failures] == ["writer", "voice"]
    assert "OPENAI_API_KEY" in failures[0].detail
    assert "sesame" not in str(results)


def test_a_model_ends_on_its_day() -> None:
    end = end_of("gpt-4o-2024-08-06")

    assert end == date(2027, 1, 14)
    assert not has_ended(end, date(2027, 1, 13))
    assert has_ended(end, date(2027, 1, 14))
    assert end_of("gpt-6-luna") is None


def test_metrics_need_their_own_token(
    service: Service, anonymous: httpx2.Client, owner: httpx2.Client
) -> None:
    with service.client("figures") as metrics_client:
        response = metrics_client.get("/metrics")

    assert anonymous.get("/metrics").status_code == 401
    assert owner.get("/metrics").status_code == 401
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain")


def test_metrics_contain_routes_and_no_values_from_paths(
    service: Service, anonymous: httpx2.Client
) -> None:
    for path in ("/feed/sesame/rss.xml", "/feed/sesame/", "/sesame", "/api/mail/sesame"):
        anonymous.get(path)
    anonymous.request("SESAME", "/health")
    with service.client("figures") as metrics_client:
        metrics = metrics_client.get("/metrics").text

    assert 'route="/feed/{token}/rss.xml"' in metrics
    assert 'route="/api/mail/{id}"' in metrics
    assert "sesame" not in metrics.lower()


@pytest.mark.parametrize("token", ["", "figure", "figures2"])
def test_a_wrong_metrics_token_is_refused(service: Service, token: str) -> None:
    with service.client(token) as client:
        assert client.get("/metrics").status_code == 401

"""How the service says that it is well, and what it lacks when it is not."""

import asyncio
import shutil
from datetime import date
from pathlib import Path
from time import sleep

import httpx2
import pytest
import sqlalchemy as sa
from audiobrew.db.engine import is_migrated, migrate, open_database
from audiobrew.http.readiness import State
from audiobrew.http.static_app import NOT_BUILT
from audiobrew.models.deprecations import ended
from audiobrew.wiring import open_ports

from tests.serving import Service
from tests.settings_factory import connect_to_tables, make_settings
from tests.standins.openai import OpenAI
from tests.standins.openai.serving import serving


def test_health_is_as_clients_in_the_field_know_it(nobody: httpx2.Client) -> None:
    assert nobody.get("/health").json() == {"status": "healthy", "service": "audiobrew-api"}


def test_the_root_greets_programs(nobody: httpx2.Client) -> None:
    assert nobody.get("/").json()["message"].startswith("This is AudioBrew")


def test_the_root_tells_a_browser_how_to_build_the_app(nobody: httpx2.Client) -> None:
    answer = nobody.get("/", headers={"Accept": "text/html,*/*"})

    assert answer.text == NOT_BUILT


def test_a_running_service_is_ready(nobody: httpx2.Client) -> None:
    answer = nobody.get("/ready")

    assert answer.status_code == 200
    assert answer.json()["ready"] is True
    assert [check["name"] for check in answer.json()["checks"]] == [
        "data folder", "database", "media", "sign-in", "browser key", "writer", "voice", "gmail",
    ]  # fmt: skip
    assert all(check["ready"] and check["told"] for check in answer.json()["checks"])


def test_a_stranger_is_told_no_details_of_readiness(
    service: Service, nobody: httpx2.Client
) -> None:
    with service.client("figures") as meter:
        details = meter.get("/ready").text
    words = {check["told"] for check in nobody.get("/ready").json()["checks"]}

    assert str(service.settings.data) in details
    assert words == {"ready"}


async def test_readiness_is_tried_once_however_many_ask(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, tried = make_settings(data=tmp_path), []
    await migrate(settings)
    async with open_ports(settings) as ports:
        before = ports.media.check

        async def check() -> None:
            tried.append(1)
            await before()

        monkeypatch.setattr(ports.media, "check", check)
        await asyncio.gather(*(ports.health_checks.run(ports) for _ in range(200)))

    assert len(tried) == 1


def test_a_service_that_lost_its_data_says_what_it_lacks(
    service: Service, nobody: httpx2.Client
) -> None:
    away = service.settings.data.with_name("away")
    service.settings.data.rename(away)
    sleep(2.1)  # an answer stands for two seconds
    answer = nobody.get("/ready")
    shutil.move(away, service.settings.data)
    sleep(2.1)

    assert answer.status_code == 503
    assert "media" in [check["name"] for check in answer.json()["checks"] if not check["ready"]]
    assert nobody.get("/ready").status_code == 200


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
        found = await ports.health_checks.run(ports)

    assert [one.name for one in found if one.state is State.MISSING] == ["voice"]


@pytest.mark.parametrize(
    ("model", "state"),
    [
        ("gpt-6-luna", State.READY),
        ("gpt-4o", State.WARNING),
        ("gpt-9-unheard-of", State.MISSING),
    ],
)
async def test_a_model_is_asked_for_and_its_end_is_known(
    tmp_path: Path, model: str, state: State
) -> None:
    stand_in = OpenAI()
    stand_in.models.add("gpt-4o")
    with serving(stand_in) as url:
        settings = make_settings(
            data=tmp_path, openai_api_key="sk-stand-in", openai_base_url=url, writer_model=model
        )
        await migrate(settings)
        async with open_ports(settings) as ports:
            found = await ports.health_checks.run(ports)

    assert [one.state for one in found if one.name == "writer"] == [state]


async def test_a_wrong_key_is_not_ready_and_not_told(tmp_path: Path) -> None:
    with serving(OpenAI(key="sk-right")) as url:
        settings = make_settings(
            data=tmp_path, openai_api_key="sk-sesame-wrong", openai_base_url=url
        )
        await migrate(settings)
        async with open_ports(settings) as ports:
            found = await ports.health_checks.run(ports)
    bad = [one for one in found if one.state is State.MISSING]

    assert [one.name for one in bad] == ["writer", "voice"]
    assert "OPENAI_API_KEY" in bad[0].detail
    assert "sesame" not in str(found)


def test_a_model_ends_on_its_day() -> None:
    assert not ended("gpt-4o", date(2027, 1, 13))
    assert ended("gpt-4o-2024-08-06", date(2027, 1, 14))
    assert not ended("gpt-6-luna", date(2030, 1, 1))


def test_figures_need_their_own_token(
    service: Service, nobody: httpx2.Client, owner: httpx2.Client
) -> None:
    with service.client("figures") as meter:
        answer = meter.get("/metrics")

    assert nobody.get("/metrics").status_code == 401
    assert owner.get("/metrics").status_code == 401
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")


def test_figures_name_routes_and_never_what_is_in_a_path(
    service: Service, nobody: httpx2.Client
) -> None:
    for path in ("/feed/sesame/rss.xml", "/feed/sesame/", "/sesame", "/api/mail/sesame"):
        nobody.get(path)
    nobody.request("SESAME", "/health")
    with service.client("figures") as meter:
        figures = meter.get("/metrics").text

    assert 'route="/feed/{token}/rss.xml"' in figures
    assert 'route="/api/mail/{id}"' in figures
    assert "sesame" not in figures.lower()


@pytest.mark.parametrize("token", ["", "figure", "figures2"])
def test_no_metrics_token_set_means_nobody_reads_figures(service: Service, token: str) -> None:
    with service.client(token) as client:
        assert client.get("/metrics").status_code == 401

"""How the service says that it is well, and what it lacks when it is not."""

import shutil
import sqlite3
from pathlib import Path

import httpx2
import pytest
from audiobrew.audio.espeak import EspeakVoice
from audiobrew.settings import Settings
from audiobrew.status_routes import checks
from audiobrew.store.database import is_migrated, migrate, open_database
from audiobrew.web import BUILD_IT

from tests.serving import Service


def test_health_is_as_clients_in_the_field_know_it(nobody: httpx2.Client) -> None:
    assert nobody.get("/health").json() == {"status": "healthy", "service": "audiobrew-api"}


def test_the_root_greets_programs(nobody: httpx2.Client) -> None:
    assert nobody.get("/").json()["message"].startswith("This is AudioBrew")


def test_the_root_tells_a_browser_how_to_build_the_app(nobody: httpx2.Client) -> None:
    answer = nobody.get("/", headers={"Accept": "text/html,*/*"})

    assert answer.text == BUILD_IT


def test_a_running_service_is_ready(nobody: httpx2.Client) -> None:
    answer = nobody.get("/ready")

    assert answer.status_code == 200
    assert answer.json() == {
        "ready": True,
        "checks": [
            {"name": "database", "ready": True},
            {"name": "media", "ready": True},
            {"name": "voice", "ready": True},
        ],
    }


def test_a_service_that_lost_its_data_says_what_it_lacks(
    service: Service, nobody: httpx2.Client
) -> None:
    away = service.settings.data.with_name("away")
    service.settings.data.rename(away)
    answer = nobody.get("/ready")
    shutil.move(away, service.settings.data)

    assert answer.status_code == 503
    assert {"name": "media", "ready": False} in answer.json()["checks"]
    assert nobody.get("/ready").status_code == 200


async def test_a_database_of_another_version_is_not_ready(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    await migrate(settings)
    other = sqlite3.connect(tmp_path / "audiobrew.sqlite", isolation_level=None)
    other.execute("update alembic_version set version_num = '9999'")
    other.close()
    engine = open_database(settings)
    migrated = await is_migrated(engine)
    await engine.dispose()

    assert migrated is False


async def test_a_missing_voice_is_not_ready(tmp_path: Path) -> None:
    found = await checks(tmp_path, True, EspeakVoice(tmp_path / "no-library.so"))

    assert [(check.name, check.ready) for check in found] == [
        ("database", True),
        ("media", True),
        ("voice", False),
    ]


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

"""Audio that is stored at Supabase: clients are redirected to a signed URL that expires soon."""

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx2
import jwt
import pytest
from audiobrew.feed import responses
from audiobrew.http.error_handlers import add_error_handlers
from audiobrew.media.supabase import SupabaseMedia, SupabaseProject
from fastapi import FastAPI, Request, Response

from tests.media.bucket import Storage, run_storage
from tests.standins.local_server import serving

EPISODE = f"episodes/{uuid4()}.mp3"
GONE = f"episodes/{uuid4()}.mp3"


@pytest.fixture(scope="module")
def storage() -> Iterator[Storage]:
    with run_storage() as storage:
        yield storage


@pytest.fixture
async def url(storage: Storage) -> AsyncIterator[str]:
    async with storage.media() as media:
        await media.put_bytes(EPISODE, b"0123456789")
    with serving(create_audio_app(storage)) as url:
        yield url


def create_audio_app(storage: Storage) -> FastAPI:
    """An app that serves audio from this storage as the routes of the product do."""
    app = FastAPI()
    add_error_handlers(app)

    @asynccontextmanager
    async def media() -> AsyncIterator[SupabaseMedia]:
        project = SupabaseProject(storage.url, storage.supabase.secret_key)
        try:
            yield SupabaseMedia(project, "episodes")
        finally:
            await project.aclose()

    @app.api_route("/{key:path}", methods=["GET", "HEAD"])
    async def get_audio(request: Request, key: str) -> Response:
        async with media() as storage:
            return await responses.audio(request, storage, key)

    return app


def test_a_podcast_app_follows_the_redirect_and_reads_ranges(url: str) -> None:
    with httpx2.Client(follow_redirects=True) as app:
        whole = app.get(f"{url}/{EPISODE}")
        part = app.get(f"{url}/{EPISODE}", headers={"Range": "bytes=4-"})
        head = app.head(f"{url}/{EPISODE}")
        again = app.get(f"{url}/{EPISODE}", headers={"If-None-Match": whole.headers["etag"]})

    assert (whole.content, whole.headers["content-type"]) == (b"0123456789", "audio/mpeg")
    assert (part.status_code, part.content) == (206, b"456789")
    assert (head.status_code, head.headers["content-length"]) == (200, "10")
    assert again.status_code == 304


def test_the_signed_url_is_valid_for_five_minutes_and_not_cached(url: str) -> None:
    with httpx2.Client() as app:
        episode_json = app.get(f"{url}/{EPISODE}")
    [token] = parse_qs(urlsplit(episode_json.headers["location"]).query)["token"]
    claims = jwt.decode(token, options={"verify_signature": False})

    assert episode_json.status_code == 302
    assert episode_json.headers["cache-control"] == "no-store"
    assert episode_json.headers["referrer-policy"] == "no-referrer"
    assert claims["exp"] - claims["iat"] == 300
    assert claims["exp"] <= time.time() + 300


def test_missing_audio_is_404_without_a_redirect(url: str) -> None:
    with httpx2.Client() as app:
        answer = app.get(f"{url}/{GONE}")

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_outage_of_supabase_is_503_with_retry_after(url: str, storage: Storage) -> None:
    storage.supabase.inject("/storage/v1", status=503, times=3)
    with httpx2.Client(timeout=20) as app:
        answer = app.get(f"{url}/{EPISODE}")

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "60"

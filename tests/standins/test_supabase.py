"""The stand-in for Supabase, asked by Supabase's own client library."""

from collections.abc import AsyncIterator, Iterator

import httpx
import httpx2
import jwt
import pytest
from supabase import AsyncClient, AsyncClientOptions, acreate_client

from tests.standins.supabase import Supabase, serving


@pytest.fixture
def project() -> Supabase:
    return Supabase()


@pytest.fixture
def url(project: Supabase) -> Iterator[str]:
    with serving(project.app) as url:
        yield url


@pytest.fixture
async def admin(project: Supabase, url: str) -> AsyncIterator[AsyncClient]:
    async with httpx.AsyncClient(timeout=10) as http:
        options = AsyncClientOptions(
            httpx_client=http, auto_refresh_token=False, persist_session=False
        )
        yield await acreate_client(url, project.secret_key, options)


def signed_in(project: Supabase, url: str) -> dict[str, str]:
    project.add_user("ada@listener.example", "correct horse")
    answer = httpx2.post(
        f"{url}/auth/v1/token?grant_type=password",
        json={"email": "ada@listener.example", "password": "correct horse"},
        headers={"apikey": project.publishable_key},
    )
    told: dict[str, str] = answer.raise_for_status().json()
    return told


def test_a_session_is_signed_with_a_published_key(project: Supabase, url: str) -> None:
    token = signed_in(project, url)["access_token"]
    keys = jwt.PyJWKClient(f"{url}/auth/v1/.well-known/jwks.json")
    claims = jwt.decode(
        token,
        keys.get_signing_key_from_jwt(token),
        ["ES256"],
        audience="authenticated",
        issuer=f"{url}/auth/v1",
    )

    assert claims["role"] == "authenticated"
    assert claims["sub"] in project.users


def test_a_foreign_key_does_not_pass_the_gateway(url: str) -> None:
    asked = {"email": "a@b.example", "password": "x"}
    answer = httpx2.post(
        f"{url}/auth/v1/token?grant_type=password", json=asked, headers={"apikey": "wrong"}
    )

    assert answer.status_code == 401


async def test_an_administrator_deletes_a_user(
    project: Supabase, url: str, admin: AsyncClient
) -> None:
    user = signed_in(project, url)["user"]
    await admin.auth.admin.delete_user(user["id"])  # type: ignore[index]

    assert not project.users


async def test_objects_are_kept_signed_ranged_and_removed(
    project: Supabase, url: str, admin: AsyncClient
) -> None:
    await admin.storage.create_bucket("episodes", options={"public": False})
    bucket = admin.storage.from_("episodes")
    await bucket.upload("episodes/one.mp3", b"0123456789")
    signed = (await bucket.create_signed_url("episodes/one.mp3", 60))["signedURL"]
    part = httpx2.get(signed, headers={"Range": "bytes=2-4"})
    public = httpx2.get(f"{url}/storage/v1/object/public/episodes/episodes/one.mp3")
    await bucket.remove(["episodes/one.mp3"])

    assert (part.status_code, part.content) == (206, b"234")
    assert public.status_code == 400
    assert not project.buckets["episodes"].objects


async def test_a_fault_comes_once(project: Supabase, url: str) -> None:
    project.inject("/auth/v1/.well-known", status=503)
    keys = f"{url}/auth/v1/.well-known/jwks.json"

    assert [httpx2.get(keys).status_code for _ in range(2)] == [503, 200]

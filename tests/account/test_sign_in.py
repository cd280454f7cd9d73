import asyncio
import json

import httpx2
import pytest
from audiobrew.http.openapi.examples import BY_OWNER

from tests.serving import Service


def test_a_code_becomes_a_token_that_opens_the_inbox(
    service: Service, anonymous: httpx2.Client
) -> None:
    code = asyncio.run(service.code())
    session = anonymous.post("/api/session", json={"code": code})
    with service.client(session.json()["token"]) as client:
        mail = client.get("/api/mail")

    assert session.status_code == 201
    assert set(session.json()) == {"token", "user_id", "expires_at"}
    assert mail.status_code == 200


def test_a_used_code_is_refused_with_an_explanation(
    service: Service, anonymous: httpx2.Client
) -> None:
    code = asyncio.run(service.code())
    anonymous.post("/api/session", json={"code": code})

    again = anonymous.post("/api/session", json={"code": code})

    assert again.status_code == 403
    assert "audiobrew sign-in" in again.json()["detail"]


def test_the_public_configuration_holds_no_secret(
    service: Service, anonymous: httpx2.Client
) -> None:
    config = anonymous.get("/api/config").json()

    assert config["auth"] == "local"
    assert config["limits"]["upload_bytes"] == service.settings.upload_bytes
    assert config["gmail"] is False
    assert (config["side"], config["rollout"]) == ("railway", None)
    assert config["supabase_url"] is config["supabase_key"] is None
    assert set(config) == {
        "auth", "version", "voice", "limits", "gmail", "supabase_url", "supabase_key", "translates",
        "side", "rollout", "sounds", "languages", "accounts", "needs_owner", "own_addresses",
        "sign_in_provider",
    }  # fmt: skip


def test_signing_out_ends_this_session_at_once_and_no_other(service: Service) -> None:
    with service.client(service.sign_in()) as one, service.client(service.sign_in()) as other:
        one.get("/api/mail").raise_for_status()
        sign_out = one.delete("/api/session")

        assert sign_out.status_code == 204
        assert one.get("/api/mail").status_code == 401
        assert one.delete("/api/session").status_code == 401
        assert other.get("/api/mail").status_code == 200


@pytest.mark.parametrize(
    "path", ["/", "/api/config", "/docs", "/openapi.json", "/health", "/ready"]
)
def test_no_public_page_contains_a_code_or_token(
    service: Service, anonymous: httpx2.Client, path: str
) -> None:
    code, token = asyncio.run(service.code()), service.sign_in()

    page = anonymous.get(path, headers={"Accept": "text/html"}).text

    assert code not in page
    assert token not in page
    assert "code=" not in page.replace(json.dumps(BY_OWNER["SignInLink.link"]), "")


def test_guessing_codes_ends_in_429(anonymous: httpx2.Client) -> None:
    answers = [
        anonymous.post("/api/session", json={"code": "guess"}).status_code for _ in range(30)
    ]

    assert answers[0] == 403
    assert answers[-1] == 429

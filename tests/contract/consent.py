"""Runs the OAuth consent flow with the stand-in for Google, as a listener's browser does."""

from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2

from tests.contract.fuzz_target import FuzzListener


def consent(url: str, listener: FuzzListener) -> dict[str, str]:
    """The code and state that the app sends to `POST /api/gmail/connect`."""
    with listener.client(url) as client:
        start = client.get("/api/gmail/auth").raise_for_status().json()
    answer = {"account": listener.address, "consent": "allow"}
    consent_response = httpx2.get(f"{start['authorization_url']}&{urlencode(answer)}")
    callback_response = httpx2.get(consent_response.headers["location"])
    fragment = parse_qs(urlsplit(callback_response.headers["location"]).fragment)
    return {"code": fragment["gmail_code"][0], "state": fragment["gmail_state"][0]}

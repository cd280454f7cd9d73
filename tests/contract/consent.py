"""A listener's way to Google and back, where a stand-in is Google."""

from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2

from tests.contract.fuzz_target import Own


def consent(url: str, own: Own) -> dict[str, str]:
    """What the app hands in to connect Gmail."""
    with own.at(url) as client:
        begun = client.get("/api/gmail/auth").raise_for_status().json()
    answer = {"account": own.address, "consent": "allow"}
    consented = httpx2.get(f"{begun['authorization_url']}&{urlencode(answer)}")
    handed_on = httpx2.get(consented.headers["location"])
    told = parse_qs(urlsplit(handed_on.headers["location"]).fragment)
    return {"code": told["gmail_code"][0], "state": told["gmail_state"][0]}

"""The stand-in for Google, asked by Google's own client library."""

import base64
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from google.auth.exceptions import RefreshError
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build_from_document
from googleapiclient.errors import HttpError

from tests.standins.google import Google
from tests.standins.google.discovery import DOCUMENT
from tests.standins.local_server import serving

BACK = "http://127.0.0.1:8000/api/gmail/callback"
READ = "https://www.googleapis.com/auth/gmail.readonly"
SEE = "https://www.googleapis.com/auth/userinfo.email"
VERIFIER = "v" * 50
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=")
MAIL = b"From: a@roast.example\r\nDate: Mon, 23 Nov 2026 07:00:00 +0000\r\n\r\nHello.\r\n"


@pytest.fixture
def google() -> Google:
    made = Google("id", "secret", [BACK])
    made.add_account("ada@mail.example", {"AudioBrew": [MAIL] * 25})
    return made


@pytest.fixture
def url(google: Google) -> Iterator[str]:
    with serving(google.app) as url:
        yield url


def consented(url: str, **more: str) -> dict[str, str]:
    asked = {
        "client_id": "id",
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": f"{READ} {SEE}",
        "state": "s",
        "code_challenge": CHALLENGE.decode(),
        "code_challenge_method": "S256",
        "consent": "allow",
        "account": "ada@mail.example",
    }
    answer = httpx2.get(f"{url}/o/oauth2/v2/auth", params={**asked, **more})
    return {
        name: one[0] for name, one in parse_qs(urlsplit(answer.headers["location"]).query).items()
    }


def traded(url: str, code: str, **more: str) -> httpx2.Response:
    form = {
        "client_id": "id",
        "client_secret": "secret",
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": BACK,
        "code_verifier": VERIFIER,
    }
    return httpx2.post(f"{url}/token", data={**form, **more})


@contextmanager
def gmail(url: str, token: str) -> Iterator[Any]:
    document = {**DOCUMENT, "rootUrl": f"{url}/"}
    service = build_from_document(document, credentials=Credentials(token))
    try:
        yield service.users()
    finally:
        service.close()


def test_consent_leads_to_mail(url: str) -> None:
    token = traded(url, consented(url)["code"]).json()["access_token"]
    with gmail(url, token) as users:
        label = users.labels().list(userId="me").execute()["labels"][-1]
        asked = users.messages().list(userId="me", labelIds=[label["id"]], maxResults=10)
        page = asked.execute()
        rest = users.messages().list_next(asked, page).execute()
        first = page["messages"][0]["id"]
        raw = users.messages().get(userId="me", id=first, format="raw").execute()["raw"]

    assert (label["name"], len(page["messages"]), len(rest["messages"])) == ("AudioBrew", 10, 10)
    assert base64.urlsafe_b64decode(raw) == MAIL


def test_a_code_is_good_once_and_with_its_verifier_only(url: str) -> None:
    code = consented(url)["code"]

    assert traded(url, code, code_verifier="w" * 50).json() == {"error": "invalid_grant"}
    assert traded(url, code).status_code == 200
    assert traded(url, code).json() == {"error": "invalid_grant"}


def test_a_refusal_and_a_box_left_unticked_are_told(google: Google, url: str) -> None:
    google.deny_scopes.add(READ)

    assert consented(url, consent="cancel") == {"error": "access_denied", "state": "s"}
    assert consented(url)["scope"] == SEE


def test_history_tells_what_is_new_until_it_is_forgotten(google: Google, url: str) -> None:
    box = google.accounts["ada@mail.example"]
    before = str(box.at)
    new = box.deliver(MAIL + b"more", "AudioBrew")
    token = traded(url, consented(url)["code"]).json()["access_token"]
    with gmail(url, token) as users:
        asked = users.history().list(userId="me", startHistoryId=before)
        told = asked.execute()["history"]
        box.forget_history()
        with pytest.raises(HttpError) as gone:
            asked.execute()

    assert [one["messages"][0]["id"] for one in told] == [new]
    assert gone.value.status_code == 404


def test_what_was_revoked_opens_nothing(google: Google, url: str) -> None:
    told = traded(url, consented(url)["code"]).json()
    httpx2.post(f"{url}/revoke", data={"token": told["refresh_token"]})

    with gmail(url, told["access_token"]) as users, pytest.raises(RefreshError):
        users.getProfile(userId="me").execute()


def test_a_fault_comes_as_often_as_it_was_asked_for(google: Google, url: str) -> None:
    google.inject("getProfile", "429", times=1, retry_after=1)
    token = traded(url, consented(url)["code"]).json()["access_token"]
    with gmail(url, token) as users:
        with pytest.raises(HttpError) as busy:
            users.getProfile(userId="me").execute()
        again = users.getProfile(userId="me").execute()

    assert busy.value.resp["retry-after"] == "1"
    assert again["emailAddress"] == "ada@mail.example"


def test_a_person_sees_a_page_with_two_buttons(url: str) -> None:
    asked = {"client_id": "id", "redirect_uri": BACK, "response_type": "code", "scope": READ}
    page = httpx2.get(f"{url}/o/oauth2/v2/auth", params=asked).text

    assert "Allow" in page
    assert "Cancel" in page
    assert "ada@mail.example" in page

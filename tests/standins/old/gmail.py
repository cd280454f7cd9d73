"""The old application's calls to Google, which are made one after the other."""

import base64
import re
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from typing import Any
from urllib.parse import urlencode

import httpx2

SCOPES = (
    "openid",
    "https://www.googleapis.com/auth/userinfo.email",
    "https://www.googleapis.com/auth/userinfo.profile",
    "https://www.googleapis.com/auth/gmail.readonly",
)
SNIPPET = 200


@dataclass(frozen=True)
class Gmail:
    """`url` is Google's stand-in."""

    url: str
    client_id: str
    client_secret: str
    redirect_uri: str

    def consent(self, user: str) -> str:
        """The consent page's address. The state is the plain user id, so anybody who knows an id can connect
        a mailbox to that user."""
        query = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": " ".join(SCOPES),
            "access_type": "offline",
            "prompt": "consent",
            "state": user,
        }
        return f"{self.url}/o/oauth2/v2/auth?{urlencode(query)}"

    def credentials(self, code: str) -> dict[str, Any]:
        """All credentials in plain text, including the application's own secret."""
        tokens = self._token(
            grant_type="authorization_code", code=code, redirect_uri=self.redirect_uri
        )
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        who = httpx2.get(f"{self.url}/v1/userinfo", headers=headers).raise_for_status().json()
        return {
            "token": tokens["access_token"],
            "refresh_token": tokens["refresh_token"],
            "token_uri": f"{self.url}/token",
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "scopes": list(SCOPES),
            "email": who["email"],
        }

    def labels(self, credentials: dict[str, Any]) -> list[dict[str, Any]]:
        return self._get(credentials, "labels")["labels"]

    def emails(self, credentials: dict[str, Any], label: str) -> list[dict[str, Any]]:
        """At most ten mails; there is no next page."""
        page = self._get(credentials, f"messages?labelIds={label}&maxResults=10")
        return [self.email(credentials, one["id"]) for one in page.get("messages", [])]

    def email(self, credentials: dict[str, Any], id: str) -> dict[str, Any]:
        """A mail. The old application uses only its snippet."""
        raw = self._get(credentials, f"messages/{id}?format=raw")["raw"]
        mail = message_from_bytes(base64.urlsafe_b64decode(raw), policy=default)
        body = mail.get_body(("plain", "html"))
        text = re.sub(r"<[^>]*>", " ", body.get_content() if body else "")
        return {
            "id": id,
            "subject": str(mail["subject"] or ""),
            "from": str(mail["from"] or ""),
            "date": str(mail["date"] or ""),
            "snippet": " ".join(text.split())[:SNIPPET],
        }

    def _get(self, credentials: dict[str, Any], path: str) -> dict[str, Any]:
        fresh = self._token(grant_type="refresh_token", refresh_token=credentials["refresh_token"])
        headers = {"Authorization": f"Bearer {fresh['access_token']}"}
        url = f"{self.url}/gmail/v1/users/me/{path}"
        return httpx2.get(url, headers=headers).raise_for_status().json()

    def _token(self, **form: str) -> dict[str, Any]:
        who = {"client_id": self.client_id, "client_secret": self.client_secret}
        return httpx2.post(f"{self.url}/token", data=form | who).raise_for_status().json()

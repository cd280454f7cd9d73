"""One listener's Gmail mailbox: its labels, their messages, and the changes since the last sync."""

from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from audiobrew.sources.gmail.client import BuildRequest, GmailCalls, GmailNotFound
from audiobrew.sources.gmail.connection import Connection, Label, SyncCursor
from audiobrew.sources.gmail.google import TokenRefused
from audiobrew.sources.gmail.token_provider import TokenProvider

PAGE_SIZE = 500  # Gmail's maximum
HIDDEN_LABELS = {"TRASH", "SPAM"}
# The history types that a request names, and the keys of the same types in the response.
# https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.history/list
HISTORY_TYPES = {
    "messageAdded": "messagesAdded",
    "labelAdded": "labelsAdded",
    "labelRemoved": "labelsRemoved",
    "messageDeleted": "messagesDeleted",
}
CHANGES_PER_PAGE = 500


@dataclass(frozen=True, slots=True)
class Changes:
    """Messages that carry a label since the last sync, newest first; messages that no longer do; and the
    history id up to which this is known."""

    added: Sequence[str]
    removed: Sequence[str]
    history: str


class GmailMailbox:
    """Every method can raise ReconnectNeeded, GoogleUnavailable, GmailQuotaExceeded, GmailForbidden and
    GoogleRefused."""

    def __init__(self, calls: GmailCalls, tokens: TokenProvider, connection: Connection) -> None:
        self._calls, self._tokens = calls, tokens
        self.connection = connection

    async def labels(self) -> list[Label]:
        response = await self._call(lambda users: users.labels().list(userId="me"))
        return [
            Label(label["id"], label["name"], label.get("type", "user"))
            for label in response.get("labels", ())
        ]

    async def history(self) -> str:
        """The mailbox's current history id."""
        return str((await self._call(lambda users: users.getProfile(userId="me")))["historyId"])

    async def messages(self, label: str, limit: int, query: str = "") -> list[str]:
        """The ids of a label's messages, newest first. Raises GmailNotFound if there is no such label."""
        ids: list[str] = []
        parameters = {"userId": "me", "labelIds": [label], "maxResults": min(limit, PAGE_SIZE)}
        if query:
            parameters["q"] = query

        async for page in self._pages(
            lambda token, users: users.messages().list(pageToken=token, **parameters)
        ):
            ids += [message["id"] for message in page.get("messages", ())]
            if len(ids) >= limit:
                break
        return ids[:limit]

    async def larger_than(self, label: str, bytes_: int, limit: int) -> set[str]:
        """Messages of more than this many bytes. Known before the messages are fetched, because several
        large ones do not fit into memory together."""
        return set(await self.messages(label, limit, f"larger:{bytes_}"))

    async def raw(self, message: str) -> bytes:
        """The mail as RFC 5322 bytes. Raises GmailNotFound if it was deleted meanwhile."""
        response = await self._call(
            lambda users: users.messages().get(userId="me", id=message, format="raw")
        )
        return urlsafe_b64decode(response.get("raw", ""))

    async def changes(self, cursor: SyncCursor) -> Changes | None:
        """The changes since the cursor; None if Gmail no longer has a history that old.

        This asks for the changes of the whole mailbox. If it asked for one label, Gmail would leave out
        the messages that lost the label.
        """
        parameters = {
            "userId": "me",
            "startHistoryId": cursor.history,
            "historyTypes": list(HISTORY_TYPES),
            "maxResults": CHANGES_PER_PAGE,
        }
        carries: dict[str, bool] = {}
        history = cursor.history
        try:
            async for page in self._pages(
                lambda token, users: users.history().list(pageToken=token, **parameters)
            ):
                history = str(page["historyId"])
                for record in page.get("history", ()):
                    carries |= label_changes(record, cursor.label)
        except GmailNotFound:
            return None
        added = [message for message, value in carries.items() if value]
        removed = [message for message, value in carries.items() if not value]
        return Changes(added[::-1], removed, history)

    async def _pages(self, build_request: Any) -> AsyncIterator[dict[str, Any]]:
        token: str | None = None
        while True:
            page = await self._call(partial(build_request, token))
            yield page
            token = page.get("nextPageToken")
            if not token:
                return

    async def _call(self, build_request: BuildRequest) -> dict[str, Any]:
        """If Google rejects the access token, a new one is tried; then the listener has to reconnect."""
        for _ in range(2):
            token = await self._tokens.token(self.connection)
            try:
                return await self._calls.call(token, build_request)
            except TokenRefused:
                self._tokens.forget(self.connection)
        raise await self._tokens.require_reconnect(self.connection)


def label_changes(record: dict[str, Any], label: str) -> dict[str, bool]:
    """For each message of a history record: whether it carries the label after the change."""
    return {
        change["message"]["id"]: carries_label(kind, change, label)
        for kind in HISTORY_TYPES.values()
        for change in record.get(kind, ())
    }


def carries_label(kind: str, change: dict[str, Any], label: str) -> bool:
    if kind == "messagesDeleted":
        return False
    labels, changed = set(change["message"].get("labelIds", ())), set(change.get("labelIds", ()))
    labels = labels - changed if kind == "labelsRemoved" else labels | changed
    return label in labels and not labels & HIDDEN_LABELS

"""One listener's Gmail, in our words: its labels, their messages, and what changed since."""

from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from audiobrew.sources.gmail.client import BuildRequest, GmailCalls, GmailNotFound
from audiobrew.sources.gmail.connection import Connection, Label, SyncCursor
from audiobrew.sources.gmail.google import TokenRefused
from audiobrew.sources.gmail.token_provider import TokenProvider

PAGE = 500
"""Gmail gives no more at a time."""
HIDDEN = {"TRASH", "SPAM"}
KINDS = {
    "messageAdded": "messagesAdded",
    "labelAdded": "labelsAdded",
    "labelRemoved": "labelsRemoved",
    "messageDeleted": "messagesDeleted",
}
"""What is asked for, and the name that it has in the answer."""
CHANGES_PER_PAGE = 500


@dataclass(frozen=True, slots=True)
class Changes:
    """Messages that carry a label since, newest first, those that no longer do, and up to where."""

    came: Sequence[str]
    left: Sequence[str]
    history: str


class GmailMailbox:
    """Every method can raise ReconnectNeeded, GoogleUnavailable, GmailQuotaExceeded, GmailForbidden and
    GoogleRefused."""

    def __init__(self, calls: GmailCalls, access: TokenProvider, connection: Connection) -> None:
        self._calls, self._access = calls, access
        self.connection = connection

    async def labels(self) -> list[Label]:
        told = await self._ask(lambda users: users.labels().list(userId="me"))
        return [
            Label(label["id"], label["name"], label.get("type", "user"))
            for label in told.get("labels", ())
        ]

    async def history(self) -> str:
        """Where Gmail's history is now."""
        return str((await self._ask(lambda users: users.getProfile(userId="me")))["historyId"])

    async def messages(self, label: str, most: int, query: str = "") -> list[str]:
        """Their ids, newest first. Raises GmailNotFound: no such label."""
        found: list[str] = []
        asked = {"userId": "me", "labelIds": [label], "maxResults": min(most, PAGE)}
        if query:
            asked["q"] = query

        async for page in self._pages(
            lambda token, users: users.messages().list(pageToken=token, **asked)
        ):
            found += [message["id"] for message in page.get("messages", ())]
            if len(found) >= most:
                break
        return found[:most]

    async def too_large(self, label: str, bytes_: int, most: int) -> set[str]:
        """Messages of more than so many bytes: asked before they are fetched, because they do not fit
        into memory side by side."""
        return set(await self.messages(label, most, f"larger:{bytes_}"))

    async def raw(self, message: str) -> bytes:
        """The mail as it came. Raises GmailNotFound when it was deleted meanwhile."""
        told = await self._ask(
            lambda users: users.messages().get(userId="me", id=message, format="raw")
        )
        return urlsafe_b64decode(told.get("raw", ""))

    async def changes(self, mark: SyncCursor) -> Changes | None:
        """Since the mark; None when Gmail has forgotten that long ago.

        The whole mailbox's changes are asked for: with a label, Gmail would leave out what lost it.
        """
        carries: dict[str, bool] = {}
        history = mark.history
        try:
            async for page in self._history(mark):
                history = str(page["historyId"])
                for record in page.get("history", ()):
                    carries |= _carriers(record, mark.label)
        except GmailNotFound:
            return None
        came = [message for message, here in carries.items() if here]
        return Changes(came[::-1], [m for m, here in carries.items() if not here], history)

    def _history(self, mark: SyncCursor) -> AsyncIterator[dict[str, Any]]:
        asked = {
            "userId": "me",
            "startHistoryId": mark.history,
            "historyTypes": list(KINDS),
            "maxResults": CHANGES_PER_PAGE,
        }
        return self._pages(lambda token, users: users.history().list(pageToken=token, **asked))

    async def _pages(self, ask: Any) -> AsyncIterator[dict[str, Any]]:
        token: str | None = None
        while True:
            page = await self._ask(partial(ask, token))
            yield page
            token = page.get("nextPageToken")
            if not token:
                return

    async def _ask(self, ask: BuildRequest) -> dict[str, Any]:
        """Access that ended early is made anew once; refused again, the listener has to reconnect."""
        for _ in range(2):
            token = await self._access.token(self.connection)
            try:
                return await self._calls.call(token, ask)
            except TokenRefused:
                self._access.forget(self.connection)
        raise await self._access.lost(self.connection)


def _carriers(record: dict[str, Any], label: str) -> dict[str, bool]:
    """Of each message in a record of the history: whether it carries the label since."""
    return {
        change["message"]["id"]: _carries(kind, change, label)
        for kind in KINDS.values()
        for change in record.get(kind, ())
    }


def _carries(kind: str, change: dict[str, Any], label: str) -> bool:
    labels, changed = set(change["message"].get("labelIds", ())), set(change.get("labelIds", ()))
    if kind == "messagesDeleted":
        return False
    labels = labels - changed if kind == "labelsRemoved" else labels | changed
    return label in labels and not labels & HIDDEN

"""The mails, labels and history of one Gmail account."""

import base64
import hashlib
import time
from collections.abc import Iterable
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from email.utils import parsedate_to_datetime
from typing import Any

SYSTEM = ("INBOX", "SENT", "DRAFT", "SPAM", "TRASH", "STARRED", "UNREAD", "IMPORTANT")
# History ids grow, but not by one.
STEP = 7


@dataclass
class Message:
    id: str
    raw: bytes
    labels: set[str]
    milliseconds: int
    history: int

    def as_json(self, form: str) -> dict[str, Any]:
        answer: dict[str, Any] = {
            "id": self.id,
            "threadId": self.id,
            "labelIds": sorted(self.labels),
            "snippet": "",
            "sizeEstimate": len(self.raw),
            "historyId": str(self.history),
            "internalDate": str(self.milliseconds),
        }
        if form == "raw":
            answer["raw"] = base64.urlsafe_b64encode(self.raw).decode()
        return answer


class Mailbox:
    def __init__(self, address: str) -> None:
        self.address = address
        self.messages: dict[str, Message] = {}
        self.labels: dict[str, str] = {}  # id to name
        self.history: list[dict[str, Any]] = []
        self.at = self.horizon = 1000

    def label(self, name: str) -> str:
        """The id of a label, which is created if it does not exist."""
        ids = {label: id for id, label in self.labels.items()}
        if name in SYSTEM or name in self.labels:
            return name
        return ids.get(name) or self._new_label(name)

    def deliver(self, raw: bytes, *labels: str) -> str:
        """Deliver a mail and return its id."""
        self.at += STEP
        id = hashlib.sha256(raw + str(self.at).encode()).hexdigest()[:16]
        label_ids = {self.label(name) for name in (*labels, "INBOX", "UNREAD")}
        self.messages[id] = Message(id, raw, label_ids, _milliseconds(raw), self.at)
        self._add_history(id, messagesAdded=[{"message": self._short(id)}])
        return id

    def relabel(self, id: str, add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
        self.at += STEP
        more, less = {self.label(name) for name in add}, {self.label(name) for name in remove}
        message = self.messages[id]
        message.labels = (message.labels | more) - less
        changes: dict[str, Any] = {}
        if more:
            changes["labelsAdded"] = [{"message": self._short(id), "labelIds": sorted(more)}]
        if less:
            changes["labelsRemoved"] = [{"message": self._short(id), "labelIds": sorted(less)}]
        self._add_history(id, **changes)

    def delete(self, id: str) -> None:
        self.at += STEP
        short = self._short(id)
        del self.messages[id]
        self._add_history(id, messagesDeleted=[{"message": short}])

    def forget_history(self) -> None:
        """Forget older history, as Google does after about a week. Requests for it answer 404."""
        self.history.clear()
        self.at += STEP
        self.horizon = self.at

    def _new_label(self, name: str) -> str:
        id = f"Label_{len(self.labels) + 1}"
        self.labels[id] = name
        return id

    def _short(self, id: str) -> dict[str, Any]:
        return {"id": id, "threadId": id, "labelIds": sorted(self.messages[id].labels)}

    def _add_history(self, id: str, **changes: Any) -> None:
        self.history.append(
            {"id": str(self.at), "messages": [{"id": id, "threadId": id}], **changes}
        )


def _milliseconds(raw: bytes) -> int:
    try:
        date = parsedate_to_datetime(str(message_from_bytes(raw, policy=default)["Date"]))
        return int(date.timestamp() * 1000)
    except (TypeError, ValueError):
        return int(time.time() * 1000)

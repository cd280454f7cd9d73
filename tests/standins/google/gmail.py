"""What Gmail answers, method by method."""

import base64
import re
from typing import Any

from tests.standins.google.discovery import Refused
from tests.standins.google.mailbox import SYSTEM, Mailbox, Message

KINDS = {
    "messageAdded": "messagesAdded",
    "messageDeleted": "messagesDeleted",
    "labelAdded": "labelsAdded",
    "labelRemoved": "labelsRemoved",
}
USUAL_PAGE, LARGEST_PAGE = 100, 500


def profile(box: Mailbox, path: Any, asked: Any) -> dict[str, Any]:
    count = len(box.messages)
    return {
        "emailAddress": box.address,
        "messagesTotal": count,
        "threadsTotal": count,
        "historyId": str(box.at),
    }


def labels(box: Mailbox, path: Any, asked: Any) -> dict[str, Any]:
    system = [{"id": name, "name": name, "type": "system"} for name in SYSTEM]
    own = [{"id": id, "name": name, "type": "user"} for id, name in box.labels.items()]
    return {"labels": [*system, *own]}


def messages(box: Mailbox, path: Any, asked: Any) -> dict[str, Any]:
    """The key `messages` is absent when nothing matches."""
    wanted = set(asked.get("labelIds", []))
    if unknown := wanted - set(SYSTEM) - set(box.labels):
        raise Refused(400, "invalidArgument", f"Invalid label: {unknown.pop()}")
    larger = re.fullmatch(r"larger:(\d+)", asked.get("q", "larger:0"))
    if larger is None:
        raise Refused(501, "notImplemented", "the stand-in searches by size alone")
    here = [one for one in box.messages.values() if wanted <= one.labels]
    found = [one for one in here if len(one.raw) > int(larger[1])]
    found.sort(key=lambda one: -one.milliseconds)
    page, following = _page(found, asked)
    told = [{"id": one.id, "threadId": one.id} for one in page]
    return {
        "resultSizeEstimate": len(found),
        **({"messages": told} if told else {}),
        **({"nextPageToken": following} if following else {}),
    }


def message(box: Mailbox, path: Any, asked: Any) -> dict[str, Any]:
    return _one(box, path["id"]).told(asked.get("format", "full"))


def history(box: Mailbox, path: Any, asked: Any) -> dict[str, Any]:
    if not str(asked.get("startHistoryId", "")).isdigit():
        raise Refused(400, "invalidArgument", "Missing or invalid startHistoryId")
    start = int(asked["startHistoryId"])
    if start < box.horizon:
        raise Refused(404, "notFound", "Requested entity was not found.")
    kinds = {KINDS[kind] for kind in asked.get("historyTypes", KINDS)}
    records = [_narrowed(one, kinds, asked.get("labelId")) for one in box.history]
    newer = [one for one in records if int(one["id"]) > start and len(one) > 2]
    page, following = _page(newer, asked)
    return {
        "historyId": str(box.at),
        **({"history": page} if page else {}),
        **({"nextPageToken": following} if following else {}),
    }


def _narrowed(record: dict[str, Any], kinds: set[str], label: str | None) -> dict[str, Any]:
    kept = {name: record[name] for name in ("id", "messages")}
    for kind in kinds & set(record):
        rows = [
            row
            for row in record[kind]
            if not label or label in (*row["message"]["labelIds"], *row.get("labelIds", ()))
        ]
        if rows:
            kept[kind] = rows
    return kept


def _one(box: Mailbox, id: str) -> Message:
    if not re.fullmatch(r"[0-9a-f]{1,16}", id):
        raise Refused(400, "invalidArgument", "Invalid id value")
    if id not in box.messages:
        raise Refused(404, "notFound", "Requested entity was not found.")
    return box.messages[id]


def _page(found: list[Any], asked: Any) -> tuple[list[Any], str | None]:
    size = min(asked.get("maxResults", USUAL_PAGE), LARGEST_PAGE)
    start = int(base64.urlsafe_b64decode(asked["pageToken"])) if asked.get("pageToken") else 0
    end = start + size
    following = base64.urlsafe_b64encode(str(end).encode()).decode() if end < len(found) else None
    return found[start:end], following


ANSWERS = {
    "gmail.users.getProfile": profile,
    "gmail.users.labels.list": labels,
    "gmail.users.messages.list": messages,
    "gmail.users.messages.get": message,
    "gmail.users.history.list": history,
}

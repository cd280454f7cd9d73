"""The answers of Gmail's methods."""

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
DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE = 100, 500


def profile(box: Mailbox, path: Any, query: Any) -> dict[str, Any]:
    count = len(box.messages)
    return {
        "emailAddress": box.address,
        "messagesTotal": count,
        "threadsTotal": count,
        "historyId": str(box.at),
    }


def labels(box: Mailbox, path: Any, query: Any) -> dict[str, Any]:
    system = [{"id": name, "name": name, "type": "system"} for name in SYSTEM]
    own = [{"id": id, "name": name, "type": "user"} for id, name in box.labels.items()]
    return {"labels": [*system, *own]}


def messages(box: Mailbox, path: Any, query: Any) -> dict[str, Any]:
    """Without matches, the key `messages` is missing, as at Google."""
    label_ids = set(query.get("labelIds", []))
    if unknown := label_ids - set(SYSTEM) - set(box.labels):
        raise Refused(400, "invalidArgument", f"Invalid label: {unknown.pop()}")
    larger = re.fullmatch(r"larger:(\d+)", query.get("q", "larger:0"))
    if larger is None:
        raise Refused(501, "notImplemented", "the stand-in searches by size alone")
    labelled = [message for message in box.messages.values() if label_ids <= message.labels]
    matches = [message for message in labelled if len(message.raw) > int(larger[1])]
    matches.sort(key=lambda message: -message.milliseconds)
    page, following = _page(matches, query)
    ids = [{"id": one.id, "threadId": one.id} for one in page]
    return {
        "resultSizeEstimate": len(matches),
        **({"messages": ids} if ids else {}),
        **({"nextPageToken": following} if following else {}),
    }


def message(box: Mailbox, path: Any, query: Any) -> dict[str, Any]:
    return _one(box, path["id"]).as_json(query.get("format", "full"))


def history(box: Mailbox, path: Any, query: Any) -> dict[str, Any]:
    if not str(query.get("startHistoryId", "")).isdigit():
        raise Refused(400, "invalidArgument", "Missing or invalid startHistoryId")
    start = int(query["startHistoryId"])
    if start < box.horizon:
        raise Refused(404, "notFound", "Requested entity was not found.")
    kinds = {KINDS[kind] for kind in query.get("historyTypes", KINDS)}
    records = [_filter_record(one, kinds, query.get("labelId")) for one in box.history]
    newer = [one for one in records if int(one["id"]) > start and len(one) > 2]
    page, following = _page(newer, query)
    return {
        "historyId": str(box.at),
        **({"history": page} if page else {}),
        **({"nextPageToken": following} if following else {}),
    }


def _filter_record(record: dict[str, Any], kinds: set[str], label: str | None) -> dict[str, Any]:
    result = {name: record[name] for name in ("id", "messages")}
    for kind in kinds & set(record):
        rows = [
            row
            for row in record[kind]
            if not label or label in (*row["message"]["labelIds"], *row.get("labelIds", ()))
        ]
        if rows:
            result[kind] = rows
    return result


def _one(box: Mailbox, id: str) -> Message:
    if not re.fullmatch(r"[0-9a-f]{1,16}", id):
        raise Refused(400, "invalidArgument", "Invalid id value")
    if id not in box.messages:
        raise Refused(404, "notFound", "Requested entity was not found.")
    return box.messages[id]


def _page(items: list[Any], query: Any) -> tuple[list[Any], str | None]:
    size = min(query.get("maxResults", DEFAULT_PAGE_SIZE), MAX_PAGE_SIZE)
    start = int(base64.urlsafe_b64decode(query["pageToken"])) if query.get("pageToken") else 0
    end = start + size
    following = base64.urlsafe_b64encode(str(end).encode()).decode() if end < len(items) else None
    return items[start:end], following


ANSWERS = {
    "gmail.users.getProfile": profile,
    "gmail.users.labels.list": labels,
    "gmail.users.messages.list": messages,
    "gmail.users.messages.get": message,
    "gmail.users.history.list": history,
}

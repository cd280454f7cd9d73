"""Prepares a deployed AudioBrew for a fuzz run, and restores it afterwards."""

import json
import sys
from base64 import urlsafe_b64decode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any, NoReturn

import httpx2

from tests.contract.fuzz_target import (
    HOME_OPERATIONS,
    LISTS,
    SOURCE_OPERATIONS,
    FuzzListener,
    FuzzTarget,
    Things,
    things,
)
from tests.product import ENDED, SAMPLES

SAFETY = """
For a deployed service (--url), set FUZZ_TOKEN and FUZZ_SECOND_TOKEN to the tokens of two listeners who
exist for this purpose only, and optionally FUZZ_METRICS_TOKEN to the token of /metrics. The run deletes
no account and connects or disconnects no mailbox. It does not change or delete what the two listeners
had before. It orders at most --brews episodes (8) and one per listener at the start, each of one minute
and with a cap of 5 cents, so a run costs at most 0.50 dollars. Afterwards it removes the mails, imports,
rules, episodes and feed tokens that it created, and restores the schedule, the preferences and the Gmail
label.
"""
EXCLUDED = {
    "deleteUser": "it deletes a listener",
    "deleteSession": "it would sign a test listener out",
    "disconnectGmail": "only a person could connect it again",
    **dict.fromkeys(SOURCE_OPERATIONS, "it makes the service call servers that a listener names"),
}
LOCAL_SIGN_IN = dict.fromkeys(
    ("createSession", "createBrowserSession"), "listeners sign in through Supabase here"
)
HOME_ACCOUNTS = dict.fromkeys(HOME_OPERATIONS, "it needs a server of one's own")
NEEDS_A_PERSON = "Google asks a person for consent"
MAILBOX_OPERATIONS = (
    *("listGmailLabels", "chooseGmailLabel", "listGmailEmails", "listSourceLabels"),
)
ORDER = {"minutes": 1, "cap_usd": 0.05, "title": "Brewed before the fuzz"}
TIMEOUT_SECONDS = 300
Snapshot = dict[str, Any]


@contextmanager
def open_deployed(url: str, environment: Mapping[str, str]) -> Iterator[FuzzTarget]:
    """Prepare the service and restore it at the end. Exits with code 2 if it cannot be fuzzed."""
    listeners = (
        _listener(url, "owner", "FUZZ_TOKEN", environment),
        _listener(url, "second", "FUZZ_SECOND_TOKEN", environment),
    )
    if listeners[0].id == listeners[1].id:
        _refuse("FUZZ_TOKEN and FUZZ_SECOND_TOKEN belong to one listener. The fuzz needs two.")
    snapshots = {listener.name: _take_snapshot(url, listener) for listener in listeners}
    try:
        new_things = [_add_things(url, listener) for listener in listeners]
        for listener, new in zip(listeners, new_things, strict=True):
            with listener.client(url) as client:
                _wait_until_ready(client, *new["episodes"])
        yield _target(url, listeners, new_things, snapshots, environment.get("FUZZ_METRICS_TOKEN"))
    finally:
        for listener in listeners:
            _restore(url, listener, snapshots[listener.name])


def _listener(url: str, name: str, variable: str, environment: Mapping[str, str]) -> FuzzListener:
    token = environment.get(variable) or _refuse(
        f"{variable} is not set. Set it to the token of a test listener."
    )
    with httpx2.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}) as client:
        try:
            response = client.get("/api/gmail/status")
        except httpx2.TransportError as error:
            _refuse(f"{url} does not answer: {type(error).__name__}.")
        if not response.is_success:
            _refuse(f"{url} refuses {variable}: it answers {response.status_code}.")
    return FuzzListener(name, _subject(token), token)


def _refuse(reason: str) -> NoReturn:
    print(reason, file=sys.stderr)
    raise SystemExit(2)


def _subject(token: str) -> str:
    """The id of the token's listener. The service verifies the token; here it is only read."""
    try:
        claims = token.split(".")[1]
        return str(json.loads(urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["sub"])
    except (IndexError, KeyError, ValueError):
        _refuse("The token is not an access token of Supabase, which a deployed AudioBrew needs.")


def _take_snapshot(url: str, listener: FuzzListener) -> Snapshot:
    """Everything of the listener that the fuzz may change."""
    with listener.client(url) as client:
        schedule = client.get("/api/schedule")
        user = client.get(f"/api/user/{listener.id}").raise_for_status().json()
        return {
            "things": things(client),
            "schedule": schedule.json() if schedule.is_success else None,
            "preferences": user["preferences"],
            "queue": [one["id"] for one in client.get("/api/queue").raise_for_status().json()],
            "label": client.get("/api/gmail/status").raise_for_status().json()["label"],
        }


def _add_things(url: str, listener: FuzzListener) -> dict[str, Any]:
    """Add a few mails, an import, an episode and a feed token, for the operations to work with."""
    with listener.client(url) as client:
        mails = [_upload(client, sample) for sample in sorted(SAMPLES.glob("*.eml"))[:4]]
        rule = _make_rule(client, mails[0])
        entry = {"word": "Fuzz", "say": "Fuss"}
        word = client.put("/api/pronunciations", json=entry).raise_for_status().json()
        body = {"name": "Fuzz.mbox", "bytes": 1000}
        mail_import = client.post("/api/mail/imports", json=body).raise_for_status().json()
        token = client.post("/api/feed/tokens", json={"name": "Fuzz"}).raise_for_status().json()
        order = ORDER | {"email_ids": mails}
        episode = client.post("/api/podcast/generate", json=order).raise_for_status().json()
    ids = {
        "mails": mails,
        "imports": [mail_import["id"]],
        "rules": [rule],
        "pronunciations": [word["id"]],
        "episodes": [episode["id"]],
        "feed_tokens": [token["id"]],
        "sources": [],
    }
    return ids | {"tokens": [token["token"]]}


def _make_rule(client: httpx2.Client, mail: str) -> str:
    """Mark the sender of a sample as a newsletter. Returns the id of the rule."""
    response = client.patch(f"/api/mail/{mail}", json={"newsletter": True})
    return str(response.raise_for_status().json()["rules"][0]["id"])


def _upload(client: httpx2.Client, sample: Path) -> str:
    file = (sample.name, sample.read_bytes(), "message/rfc822")
    response = client.post("/api/mail", files={"file": file}).raise_for_status()
    return str(response.json()["mails"][0]["id"])


def _wait_until_ready(client: httpx2.Client, id: str) -> None:
    deadline = monotonic() + TIMEOUT_SECONDS
    while (episode := client.get(f"/api/podcast/{id}").json())["status"] not in ENDED:
        if monotonic() > deadline:
            _refuse(f"An episode of one minute is still {episode['status']} after five minutes.")
        sleep(0.5)
    if episode["status"] != "ready":
        _refuse(f"An episode of one minute failed: {episode['trouble']}")


def _target(
    url: str,
    listeners: tuple[FuzzListener, FuzzListener],
    new_things: list[dict[str, Any]],
    snapshots: dict[str, Snapshot],
    metrics_token: str | None,
) -> FuzzTarget:
    """Protected are all things that were there before, and those that were added for the run."""
    protected = {
        listener.name: {
            kind: snapshots[listener.name]["things"][kind] + new[kind] for kind in LISTS
        }
        for listener, new in zip(listeners, new_things, strict=True)
    }
    dictionary = {kind: new_things[0][kind] + new_things[1][kind] for kind in (*LISTS, "tokens")}
    with listeners[0].client(url) as client:
        impossible, labels = _impossible_operations(client)
    if not metrics_token:
        impossible["getMetrics"] = "FUZZ_METRICS_TOKEN is not set"
    return FuzzTarget(
        url,
        listeners,
        protected,
        dictionary | {"labels": labels},
        metrics_token=metrics_token,
        is_deployed=True,
        excluded=EXCLUDED,
        impossible=impossible,
    )


def _impossible_operations(client: httpx2.Client) -> tuple[dict[str, str], list[str]]:
    """The operations that cannot succeed, with reasons, and the labels of the first listener's mailbox."""
    by_consent = dict.fromkeys(("connectGmail", "addGmailSource"), NEEDS_A_PERSON)
    impossible = {**by_consent, **LOCAL_SIGN_IN, **HOME_ACCOUNTS}
    status = client.get("/api/gmail/status").raise_for_status().json()
    if not status["offered"]:
        begin = ("beginGmail", "beginGmailSource")
        impossible |= dict.fromkeys(begin, "Gmail is not offered here")
    if not status["is_connected"]:
        reason = "the test listeners have not connected a mailbox"
        return impossible | dict.fromkeys(MAILBOX_OPERATIONS, reason), []
    labels = client.get("/api/gmail/labels").raise_for_status().json()["labels"]
    return impossible, [label["id"] for label in labels]


def _restore(url: str, listener: FuzzListener, snapshot: Snapshot) -> None:
    """Restore the listener's state. Raises an error if something of the run remains."""
    with listener.client(url) as client:
        _remove_new_things(client, snapshot["things"])
        if schedule := snapshot["schedule"]:
            fields = {name: schedule[name] for name in SCHEDULE_FIELDS}
            fields["style"] = schedule["show_style"]
            client.put("/api/schedule", json=fields).raise_for_status()
        else:
            client.delete("/api/schedule").raise_for_status()
        preferences = {"preferences": snapshot["preferences"]}
        client.patch(f"/api/user/{listener.id}", json=preferences).raise_for_status()
        queue = {"episode_ids": snapshot["queue"]}
        client.put("/api/queue", json=queue).raise_for_status()
        if label := snapshot["label"]:
            client.put("/api/gmail/label", json={"label_id": label}).raise_for_status()


SCHEDULE_FIELDS = (
    "cadence", "weekday", "time", "zone", "minutes", "hosts", "language", "interests", "host_names",
    "host_roles", "sounds",
)  # fmt: skip


def _remove_new_things(client: httpx2.Client, before: Things) -> None:
    """Delete what was not there before. A revoked feed token stays in the list, but gives no access."""
    for kind, ids in things(client).items():
        path = LISTS[kind].removesuffix("/list")
        for id in set(ids) - set(before[kind]):
            response = client.delete(f"{path}/{id}")
            if response.status_code != httpx2.codes.NOT_FOUND:
                response.raise_for_status()

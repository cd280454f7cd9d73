"""A deployed AudioBrew as the fuzz finds it, and as it leaves it: production data stays as it was."""

import json
import sys
from base64 import urlsafe_b64decode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any, NoReturn

import httpx2

from tests.contract.fuzz_target import PLACES, Host, Own, Things, things
from tests.product import ENDED, SAMPLES

SAFETY = """
Against a deployed service (--url) FUZZ_TOKEN and FUZZ_SECOND_TOKEN are the tokens of two listeners
who exist for this alone; FUZZ_METRICS_TOKEN, if set, opens /metrics. No account is deleted, no
mailbox connected or disconnected. What the two had before is neither changed nor deleted. Episodes
are of a minute, each under a cap of 5 cents, at most --brews of them (8) and one a listener to
begin with, so that a run costs at most 0.50 dollars. Afterwards the mails, episodes and feed tokens
that the run made are removed, and schedule, preferences and Gmail's label set back.
"""
NEVER = {
    "deleteUser": "it erases a listener",
    "deleteSession": "it would sign a test listener out",
    "disconnectGmail": "only a person could connect it again",
}
SIGNS_IN_ELSEWHERE = dict.fromkeys(
    ("createSession", "createBrowserSession"), "Supabase signs in here"
)
NEEDS_A_PERSON = "Google asks a person for it"
LOOKING = ("listGmailLabels", "chooseGmailLabel", "listGmailEmails")
ORDER = {"minutes": 1, "cap_usd": 0.05, "title": "Brewed before the fuzz"}
PATIENCE_SECONDS = 300
Before = dict[str, Any]


@contextmanager
def at(url: str, told: Mapping[str, str]) -> Iterator[Host]:
    """Exits with code 2 when it cannot be fuzzed, and says why."""
    both = (_own(url, "owner", "FUZZ_TOKEN", told), _own(url, "second", "FUZZ_SECOND_TOKEN", told))
    if both[0].id == both[1].id:
        _refuse("FUZZ_TOKEN and FUZZ_SECOND_TOKEN are of one listener. The fuzz needs two.")
    before = {own.name: _before(url, own) for own in both}
    try:
        made = [_furnish(url, own) for own in both]
        for own, ours in zip(both, made, strict=True):
            with own.at(url) as client:
                _until_brewed(client, *ours["episodes"])
        yield _host(url, both, made, before, told.get("FUZZ_METRICS_TOKEN"))
    finally:
        for own in both:
            _restore(url, own, before[own.name])


def _own(url: str, name: str, variable: str, told: Mapping[str, str]) -> Own:
    token = told.get(variable) or _refuse(f"{variable} is not set: a test listener's token.")
    with httpx2.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}) as client:
        try:
            answer = client.get("/api/gmail/status")
        except httpx2.TransportError as error:
            _refuse(f"{url} does not answer: {type(error).__name__}.")
        if not answer.is_success:
            _refuse(f"{url} does not take {variable}: it answers {answer.status_code}.")
    return Own(name, _subject(token), token)


def _refuse(why: str) -> NoReturn:
    print(why, file=sys.stderr)
    raise SystemExit(2)


def _subject(token: str) -> str:
    """Whose token it is. The service verifies it; here it is only read."""
    try:
        claims = token.split(".")[1]
        return str(json.loads(urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["sub"])
    except (IndexError, KeyError, ValueError):
        _refuse("That is no access token of Supabase's, which a deployed AudioBrew takes.")


def _before(url: str, own: Own) -> Before:
    """Everything of the listener's that the fuzz may change."""
    with own.at(url) as client:
        schedule = client.get("/api/schedule")
        user = client.get(f"/api/user/{own.id}").raise_for_status().json()
        return {
            "things": things(client),
            "schedule": schedule.json() if schedule.is_success else None,
            "preferences": user["preferences"],
            "label": client.get("/api/gmail/status").raise_for_status().json()["label"],
        }


def _furnish(url: str, own: Own) -> dict[str, Any]:
    """A few mails, an episode and a way into the show, so that every operation has something to tell."""
    with own.at(url) as client:
        mails = [_upload(client, sample) for sample in sorted(SAMPLES.glob("*.eml"))[:4]]
        token = client.post("/api/feed/tokens", json={"name": "Fuzz"}).raise_for_status().json()
        order = ORDER | {"email_ids": mails}
        begun = client.post("/api/podcast/generate", json=order).raise_for_status().json()
    ids = {"mails": mails, "episodes": [begun["id"]], "feed_tokens": [token["id"]]}
    return ids | {"tokens": [token["token"]]}


def _upload(client: httpx2.Client, sample: Path) -> str:
    file = (sample.name, sample.read_bytes(), "message/rfc822")
    sent = client.post("/api/mail", files={"file": file}).raise_for_status()
    return str(sent.json()["mails"][0]["id"])


def _until_brewed(client: httpx2.Client, id: str) -> None:
    late = monotonic() + PATIENCE_SECONDS
    while (episode := client.get(f"/api/podcast/{id}").json())["status"] not in ENDED:
        if monotonic() > late:
            _refuse(f"An episode of a minute is still {episode['status']} after five minutes.")
        sleep(0.5)
    if episode["status"] != "ready":
        _refuse(f"An episode of a minute came to nothing: {episode['trouble']}")


def _host(
    url: str,
    both: tuple[Own, Own],
    made: list[dict[str, Any]],
    before: dict[str, Before],
    metrics: str | None,
) -> Host:
    """`kept` is what was there and what was made to be looked at."""
    kept = {
        own.name: {kind: before[own.name]["things"][kind] + ours[kind] for kind in PLACES}
        for own, ours in zip(both, made, strict=True)
    }
    shown = {kind: made[0][kind] + made[1][kind] for kind in (*PLACES, "tokens")}
    with both[0].at(url) as client:
        closed, labels = _mailbox(client)
    if not metrics:
        closed["getMetrics"] = "FUZZ_METRICS_TOKEN is not set"
    shown |= {"labels": labels}
    return Host(
        url, both, kept, shown, metrics=metrics, deployed=True, left_out=NEVER, closed=closed
    )


def _mailbox(client: httpx2.Client) -> tuple[dict[str, str], list[str]]:
    """What cannot succeed here, and the labels of the first listener's mailbox."""
    closed = {"connectGmail": NEEDS_A_PERSON, **SIGNS_IN_ELSEWHERE}
    status = client.get("/api/gmail/status").raise_for_status().json()
    if not status["offered"]:
        closed["beginGmail"] = "Gmail is not offered here"
    if not status["is_connected"]:
        return closed | dict.fromkeys(LOOKING, "the test listeners have no mailbox connected"), []
    labels = client.get("/api/gmail/labels").raise_for_status().json()["labels"]
    return closed, [label["id"] for label in labels]


def _restore(url: str, own: Own, before: Before) -> None:
    """Raises when something of the run is left, after everything was tried."""
    with own.at(url) as client:
        _remove(client, before["things"])
        kept = (
            {name: before["schedule"][name] for name in SCHEDULED} if before["schedule"] else None
        )
        if kept:
            client.put("/api/schedule", json=kept).raise_for_status()
        else:
            client.delete("/api/schedule").raise_for_status()
        preferences = {"preferences": before["preferences"]}
        client.patch(f"/api/user/{own.id}", json=preferences).raise_for_status()
        if before["label"]:
            client.put("/api/gmail/label", json={"label_id": before["label"]}).raise_for_status()


SCHEDULED = ("cadence", "weekday", "time", "zone", "minutes", "hosts", "style", "language")


def _remove(client: httpx2.Client, before: Things) -> None:
    """What was not there before. A feed token is revoked: it stays listed, and opens nothing."""
    for kind, ids in things(client).items():
        path = PLACES[kind].removesuffix("/list")
        for id in set(ids) - set(before[kind]):
            answer = client.delete(f"{path}/{id}")
            if answer.status_code != httpx2.codes.NOT_FOUND:
                answer.raise_for_status()

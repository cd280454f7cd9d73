"""What an operation needs before it can succeed, and what only AudioBrew can make up."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from time import sleep
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx2
from schemathesis import Case, Response

from tests.contract.consent import consent
from tests.contract.fuzz_context import Told
from tests.contract.fuzz_target import Own
from tests.contract.guided_cases import Chance

CHEAP = 0.05
"""Dollars: the most that one brew may cost, by the service's own cap."""
FAR_TOO_LONG = 10**6
KEPT_FOR_LATER = 3
"""Of the brews, those that random orders leave to be cancelled, retried and deleted."""
PATIENCE_SECONDS = 60
TOLD = Told.from_environment()
chance = Chance()
brewed: set[str] = set()
made: dict[tuple[str, str], list[str]] = {}
cancelled: dict[str, list[str]] = {}
first_order: dict[str, tuple[str, dict[str, Any]]] = {}
numbers = count()


def remember(name: str, case: Case, response: Response) -> None:
    """What was made in this run may be used, and deleted, later in it."""
    who = case.auth_identity or ""
    if name in IDS_OF and response.status_code in (201, 202):
        ids = [id for id in IDS_OF[name](response.json()) if id not in TOLD.stays]
        made.setdefault((name, who), []).extend(ids)
    if name == "brewPodcast" and response.status_code == 202:
        brewed.add(response.json()["id"])
        if who and (key := (case.headers or {}).get("idempotency-key")):
            first_order.setdefault(who, (key, dict(case.body)))
    if name == "cancelPodcast" and response.status_code == 200:
        cancelled.setdefault(who, []).append(response.json()["id"])
    if name == "disconnectGmail" and response.status_code == 200:
        connect_again(case)


def connect_again(case: Case) -> None:
    """So that what looks into a mailbox finds one."""
    own = TOLD.listener(case.auth_identity)
    if own and own.address:
        with own.at(TOLD.url) as client:
            client.post("/api/gmail/connect", json=consent(TOLD.url, own)).raise_for_status()


def as_it_is(case: Case, own: Own) -> None:
    """Most operations need nothing."""


def a_mail(case: Case, own: Own) -> None:
    """A file of random bytes is no mail; every second one is."""
    if chance.half() and (chance.certain or isinstance(case.body, dict)):
        case.body = {"file": a_newsletter()}


def a_newsletter() -> str:
    return MAIL.format(number=next(numbers), odd=chance.odd())


def a_mail_to_go(case: Case, own: Own) -> None:
    """Every second one was sent in a moment before."""
    if chance.half():
        case.path_parameters["id"] = sent_in(own)


def sent_in(own: Own) -> str:
    file = ("a.eml", a_newsletter().encode(), "message/rfc822")
    with own.at(TOLD.url) as client:
        sent = client.post("/api/mail", files={"file": file}).raise_for_status()
    return str(sent.json()["mails"][0]["id"])


def a_consent(case: Case, own: Own) -> None:
    """Google's answer to a question that was asked a moment ago, where a stand-in is Google."""
    if own.address and isinstance(case.body, dict) and chance.half():
        case.body.update(consent(TOLD.url, own))
        case.query.pop("user_id", None)


def a_label(case: Case, own: Own) -> None:
    if chance.certain and TOLD.labels:
        case.body = {"label_id": TOLD.labels[0]}


def a_cheap_order(case: Case, own: Own) -> None:
    """Of a minute, of mails that there are, and capped."""
    if not isinstance(case.body, dict):
        return
    if case.body.get("email_ids") and chance.often():
        case.body["email_ids"] = newsletters(own)
    if case.body.get("user_id") and chance.often():
        case.body["user_id"] = own.id
    if "minutes" in case.body and chance.often():
        case.body["minutes"] = 1
    if isinstance(minutes := case.body.get("minutes"), int) and minutes > 1:
        case.body["minutes"] = FAR_TOO_LONG
    case.body["cap_usd"] = min(case.body.get("cap_usd") or CHEAP, CHEAP)


def newsletters(own: Own) -> list[str]:
    """On a deployed host they are those that were sent in for the fuzz, at the end of the list."""
    return TOLD.things[own.name]["mails"][-4:]


def an_order_within_bounds(case: Case, own: Own) -> None:
    """Once enough was brewed, the first one again, which brews nothing; else of a mail that is not there."""
    a_cheap_order(case, own)
    if not isinstance(case.body, dict):
        return
    if len(brewed) < TOLD.brews - KEPT_FOR_LATER:
        if chance.half():
            case.headers["idempotency-key"] = uuid4().hex
    elif again := first_order.get(own.name):
        case.headers["idempotency-key"], case.body = again[0], dict(again[1])
    else:
        case.body["email_ids"] = [str(uuid4())]


def a_block(case: Case, own: Own) -> None:
    """Of a mail that was just sent in; else the first, whose name is the same in most mails."""
    if chance.certain:
        case.path_parameters["id"] = id = sent_in(own)
        with own.at(TOLD.url) as client:
            blocks = client.get(f"/api/mail/{id}").raise_for_status().json()["blocks"]
        case.body = {"cut": [blocks[0]["id"]]}
    elif isinstance(case.body, dict) and chance.often():
        case.body.update({name: ["b1"] for name in ("cut", "restore") if case.body.get(name)})


def an_open_brew(case: Case, own: Own) -> None:
    """What has ended cannot be cancelled, so another is ordered, every second time."""
    if chance.half() and (id := ordered(own)):
        case.path_parameters["id"] = id


def ordered(own: Own) -> str | None:
    """Another episode of a minute, if there may be one more; waits while too many are brewing."""
    order = {"minutes": 1, "cap_usd": CHEAP, "email_ids": newsletters(own)}
    for _ in range(PATIENCE_SECONDS):
        if len(brewed) >= TOLD.brews:
            return None
        with own.at(TOLD.url) as client:
            answer = client.post("/api/podcast/generate", json=order)
        if answer.status_code == httpx2.codes.ACCEPTED:
            brewed.add(id := str(answer.json()["id"]))
            return id
        if answer.status_code != httpx2.codes.TOO_MANY_REQUESTS:
            return None
        sleep(1)
    return None


def a_feed_token(own: Own) -> str | None:
    """None when there are as many as one listener may have; these are of this run, and go in their turn."""
    with own.at(TOLD.url) as client:
        answer = client.post("/api/feed/tokens", json={"name": "Fuzz"})
    return str(answer.json()["id"]) if answer.status_code == httpx2.codes.CREATED else None


def one_of_this_run(creator: str, make: Callable[[Own], str | None]) -> Callable[[Case, Own], None]:
    """What was made a while ago by the same listener may go; every second time it does."""

    def aim(case: Case, own: Own) -> None:
        if chance.half():
            mine = made.setdefault((creator, own.name), [])
            id = mine.pop() if mine else make(own) if chance.certain else None
            case.path_parameters["id"] = id or case.path_parameters["id"]

    return aim


def a_cancelled_one(case: Case, own: Own) -> None:
    """Nothing else can be gone on with; what it costs stays under its episode's cap."""
    mine = cancelled.setdefault(own.name, [])
    if not mine and chance.certain and (id := ordered(own)):
        with own.at(TOLD.url) as client:
            client.post(f"/api/podcast/{id}/cancel")
        mine.append(id)
    if mine:
        case.path_parameters["id"] = mine.pop()


def a_changeable_one(case: Case, own: Own) -> None:
    """Never dearer; and where what was there stays as it is, an episode of this run."""
    if isinstance(case.body, dict) and case.body.get("cap_usd"):
        case.body["cap_usd"] = min(case.body["cap_usd"], CHEAP)
    if chance.certain and TOLD.deployed:
        mine = made.setdefault(("brewPodcast", own.name), [])
        if not mine and (id := ordered(own)):
            mine.append(id)
        case.path_parameters["id"] = mine[-1] if mine else case.path_parameters["id"]


def half_a_day_away(case: Case, own: Own) -> None:
    """No scheduled episode begins while the fuzz runs."""
    if isinstance(case.body, dict) and "time" in case.body and "zone" in case.body:
        case.body["time"] = in_half_a_day(case.body["zone"])


def in_half_a_day(zone: str) -> str:
    return f"{datetime.now(UTC).astimezone(ZoneInfo(zone)) + timedelta(hours=12):%H:%M}"


def a_schedule(case: Case, own: Own) -> None:
    """There is none once one was deleted."""
    if chance.certain:
        schedule = {"cadence": "daily", "time": in_half_a_day("UTC"), "zone": "UTC"}
        with own.at(TOLD.url) as client:
            client.put("/api/schedule", json=schedule).raise_for_status()


FILLED_IN: dict[str, Callable[[Case, Own], None]] = {
    "uploadMail": a_mail,
    "connectGmail": a_consent,
    "chooseGmailLabel": a_label,
    "brewPodcast": an_order_within_bounds,
    "quotePodcast": a_cheap_order,
    "retryPodcast": a_cancelled_one,
    "cancelPodcast": an_open_brew,
    "changeMail": a_block,
    "changePodcast": a_changeable_one,
    "deleteMail": a_mail_to_go,
    "deletePodcast": one_of_this_run("brewPodcast", ordered),
    "revokeFeedToken": one_of_this_run("createFeedToken", a_feed_token),
    "getSchedule": a_schedule,
    "setSchedule": half_a_day_away,
}
IDS_OF: dict[str, Callable[[Any], list[str]]] = {
    "createFeedToken": lambda told: [told["id"]],
    "brewPodcast": lambda told: [told["id"]],
}
MAIL = """\
From: The Roast <hello@roast.example>
To: you@listener.example
Subject: Beans, number {number}, {odd}
Date: Tue, 24 Nov 2026 07:30:00 +0000
Message-ID: <fuzz-{number}@roast.example>
List-Id: The Roast <roast.example>
Content-Type: text/plain; charset=utf-8

The harvest in Huila grew by {number} percent this year, the growers' union reports.
{odd}
"""

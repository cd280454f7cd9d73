"""What schemathesis cannot know of AudioBrew: told to it case by case, and checked besides.

It loads this module by the variable SCHEMATHESIS_HOOKS; `told.py` says what of the run is told here.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import schemathesis
from schemathesis import Case, CheckContext, HookContext, Response

from tests.contract.consent import consent
from tests.contract.told import Told

CHEAP = 0.05
"""Dollars: the most that one brew may cost, by the service's own cap."""
FAR_TOO_LONG = 10**6
TOLD = Told.from_environment()
OPEN_ONES = 3
"""Of the brews, those that are ordered to be cancelled."""
brewed: set[str] = set()
made: dict[tuple[str, str], list[str]] = {}
cancelled: dict[str, list[str]] = {}
first_order: dict[str, tuple[str, dict[str, Any]]] = {}
numbers, luck = count(), Random(4)


def often() -> bool:
    return luck.random() < 0.75


def half() -> bool:
    return luck.random() < 0.5


@schemathesis.hook
def before_call(context: HookContext, case: Case, kwargs: dict[str, Any]) -> None:
    """What was there stays, brews stay few, and what only AudioBrew can make up is filled in."""
    if case.method.upper() != case.operation.method.upper():
        return
    keep(case)
    name = operation_id(case)
    if case.meta is None or case.meta.generation.mode.is_positive:
        in_their_own_name(case)
        FILLED_IN.get(name, as_it_is)(case)


@schemathesis.hook
def after_call(context: HookContext, case: Case, response: Response) -> None:
    name = operation_id(case)
    if name in IDS_OF and response.status_code in (201, 202):
        ids = [id for id in IDS_OF[name](response.json()) if id not in TOLD.stays]
        made.setdefault((name, case.auth_identity or ""), []).extend(ids)
    if name == "brewPodcast" and response.status_code == 202:
        brewed.add(response.json()["id"])
        key = (case.headers or {}).get("idempotency-key")
        if key and case.auth_identity:
            first_order.setdefault(case.auth_identity, (key, dict(case.body)))
    if name == "cancelPodcast" and response.status_code == 200:
        cancelled.setdefault(case.auth_identity or "", []).append(response.json()["id"])
    if name == "disconnectGmail" and response.status_code == 200:
        connect_again(case)


@schemathesis.check
def anothers_thing(ctx: CheckContext, response: Response, case: Case) -> None:
    """Whoever names a thing of the other listener's gets nothing, neither read nor written."""
    others = TOLD.of_others(case.auth_identity)
    named = {str(value).lower() for value in (case.path_parameters or {}).values()} & others
    if named and case.auth_identity and case.operation.definition.raw.get("security"):
        assert response.status_code >= 400, f"{case.auth_identity} reached another's {named}"


def operation_id(case: Case) -> str:
    return str(case.operation.definition.raw["operationId"])


def keep(case: Case) -> None:
    """Aim elsewhere what would delete a thing that stays; on a deployed host, what would change it."""
    if case.method == "DELETE" or (TOLD.deployed and case.method != "GET"):
        for name, value in (case.path_parameters or {}).items():
            if str(value).lower() in TOLD.stays:
                case.path_parameters[name] = str(uuid4())


def in_their_own_name(case: Case) -> None:
    """Three of four times; the fourth names whomever it likes."""
    own = TOLD.listener(case.auth_identity)
    if own and often():
        for container in (case.query, case.path_parameters):
            for name, value in (container or {}).items():
                container[name] = own.id if name == "user_id" else TOLD.instead(value, own)


def as_it_is(case: Case) -> None:
    """Most operations need nothing."""


def a_mail(case: Case) -> None:
    """A file of random bytes is no mail; every second one is."""
    if half() and isinstance(case.body, dict):
        case.body["file"] = MAIL.format(number=next(numbers))


def a_mail_to_go(case: Case) -> None:
    """Every second one was sent in a moment before."""
    own = TOLD.listener(case.auth_identity)
    if own and half():
        file = ("a.eml", MAIL.format(number=next(numbers)).encode(), "message/rfc822")
        with own.at(TOLD.url) as client:
            sent = client.post("/api/mail", files={"file": file}).raise_for_status()
        case.path_parameters["id"] = sent.json()["mails"][0]["id"]


def a_consent(case: Case) -> None:
    """Google's answer to a question that was asked a moment ago, where a stand-in is Google."""
    own = TOLD.listener(case.auth_identity)
    if own and own.address and isinstance(case.body, dict) and half():
        case.body.update(consent(TOLD.url, own))
        case.query.pop("user_id", None)


def connect_again(case: Case) -> None:
    """So that what looks into a mailbox finds one."""
    own = TOLD.listener(case.auth_identity)
    if own and own.address:
        with own.at(TOLD.url) as client:
            client.post("/api/gmail/connect", json=consent(TOLD.url, own)).raise_for_status()


def a_cheap_order(case: Case) -> None:
    """Of a minute, of mails that there are, and capped."""
    if not isinstance(case.body, dict):
        return
    own = TOLD.listener(case.auth_identity)
    if own and case.body.get("email_ids") and often():
        case.body["email_ids"] = TOLD.mails[own.name][:3]
    if case.body.get("user_id") and often():
        case.body["user_id"] = own.id if own else None
    if "minutes" in case.body and often():
        case.body["minutes"] = 1
    if isinstance(minutes := case.body.get("minutes"), int) and minutes > 1:
        case.body["minutes"] = FAR_TOO_LONG
    case.body["cap_usd"] = min(case.body.get("cap_usd") or CHEAP, CHEAP)
    if operation_id(case) == "brewPodcast":
        an_order_within_bounds(case)


def an_order_within_bounds(case: Case) -> None:
    """Once enough was brewed, the first one again, which brews nothing; else of a mail that is not there."""
    if len(brewed) < TOLD.brews - OPEN_ONES:
        if half():
            case.headers["idempotency-key"] = uuid4().hex
    elif again := first_order.get(case.auth_identity or ""):
        case.headers["idempotency-key"], case.body = again[0], dict(again[1])
    else:
        case.body["email_ids"] = [str(uuid4())]


def a_block(case: Case) -> None:
    """Every mail has a first one."""
    if isinstance(case.body, dict) and often():
        case.body.update({name: ["b1"] for name in ("cut", "restore") if case.body.get(name)})


def an_open_brew(case: Case) -> None:
    """What has ended cannot be cancelled, so another is ordered."""
    own = TOLD.listener(case.auth_identity)
    if own and len(brewed) < TOLD.brews:
        order = {"minutes": 1, "cap_usd": CHEAP, "email_ids": TOLD.mails[own.name][:3]}
        with own.at(TOLD.url) as client:
            answer = client.post("/api/podcast/generate", json=order)
        if answer.status_code == 202:
            case.path_parameters["id"] = answer.json()["id"]
            brewed.add(answer.json()["id"])


def one_of_this_run(creator: str) -> Callable[[Case], None]:
    """What was made a while ago by the same listener may go; every second time it does."""

    def aim(case: Case) -> None:
        mine = made.get((creator, case.auth_identity or ""))
        if mine and half():
            case.path_parameters["id"] = mine.pop()

    return aim


def a_cancelled_one(case: Case) -> None:
    """Nothing else can be gone on with; what it costs stays under its episode's cap."""
    if mine := cancelled.get(case.auth_identity or ""):
        case.path_parameters["id"] = mine.pop()


def a_cheap_cap(case: Case) -> None:
    if isinstance(case.body, dict) and case.body.get("cap_usd"):
        case.body["cap_usd"] = min(case.body["cap_usd"], CHEAP)


def half_a_day_away(case: Case) -> None:
    """No scheduled episode begins while the fuzz runs."""
    if isinstance(case.body, dict) and "time" in case.body and "zone" in case.body:
        there = datetime.now(UTC).astimezone(ZoneInfo(case.body["zone"]))
        case.body["time"] = f"{there + timedelta(hours=12):%H:%M}"


FILLED_IN: dict[str, Callable[[Case], None]] = {
    "uploadMail": a_mail,
    "connectGmail": a_consent,
    "brewPodcast": a_cheap_order,
    "quotePodcast": a_cheap_order,
    "retryPodcast": a_cancelled_one,
    "cancelPodcast": an_open_brew,
    "changeMail": a_block,
    "changePodcast": a_cheap_cap,
    "deleteMail": a_mail_to_go,
    "deletePodcast": one_of_this_run("brewPodcast"),
    "revokeFeedToken": one_of_this_run("createFeedToken"),
    "setSchedule": half_a_day_away,
}
IDS_OF: dict[str, Callable[[Any], list[str]]] = {
    "createFeedToken": lambda told: [told["id"]],
    "brewPodcast": lambda told: [told["id"]],
}
MAIL = """\
From: The Roast <hello@roast.example>
To: you@listener.example
Subject: Beans, number {number}
Date: Tue, 24 Nov 2026 07:30:00 +0000
Message-ID: <fuzz-{number}@roast.example>
List-Id: The Roast <roast.example>
Content-Type: text/plain; charset=utf-8

The harvest in Huila grew by {number} percent this year, the growers' union reports.
"""

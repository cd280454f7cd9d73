"""What an operation needs to succeed: values that only AudioBrew can issue, and things that exist."""

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
from tests.contract.fuzz_context import FuzzContext
from tests.contract.fuzz_target import FuzzListener
from tests.contract.guided_cases import Guide

# In dollars: the cap of every brew.
MAX_COST_USD = 0.05
# More minutes than any service allows.
INVALID_MINUTES = 10**6
# Brews that random orders leave for the operations that cancel, retry, delete, edit and speak one.
RESERVED_BREWS = 7
TIMEOUT_SECONDS = 60
# Imports of this run that are left in the list.
MAX_IMPORTS = 8
CONTEXT = FuzzContext.from_environment()
guide = Guide()
# Ids of all episodes that this run ordered.
episode_ids: set[str] = set()
# Ids of things that this run created, by operation and listener.
created_ids: dict[tuple[str, str], list[str]] = {}
cancelled_ids: dict[str, list[str]] = {}
ids_in_review: dict[str, list[str]] = {}
# The idempotency key and the body of each listener's first order.
first_orders: dict[str, tuple[str, dict[str, Any]]] = {}
numbers = count()
CREATING_OPERATIONS = {"createFeedToken", "brewPodcast"}


def remember(name: str, case: Case, response: Response) -> None:
    """Remember what this run created, so that later cases can use and delete it."""
    listener = case.auth_identity or ""
    if name in CREATING_OPERATIONS and response.status_code in (201, 202):
        id = response.json()["id"]
        if id not in CONTEXT.all_protected_ids:
            created_ids.setdefault((name, listener), []).append(id)
    if name == "brewPodcast" and response.status_code == 202:
        episode_ids.add(response.json()["id"])
        if listener and (key := (case.headers or {}).get("idempotency-key")):
            first_orders.setdefault(listener, (key, dict(case.body)))
    if name == "cancelPodcast" and response.status_code == 200:
        cancelled_ids.setdefault(listener, []).append(response.json()["id"])
    if name == "disconnectGmail" and response.status_code == 200:
        reconnect_gmail(case)


def reconnect_gmail(case: Case) -> None:
    """Connect the mailbox again, so that other operations can use it."""
    listener = CONTEXT.listener(case.auth_identity)
    if listener and listener.address:
        with listener.client(CONTEXT.url) as client:
            body = consent(CONTEXT.url, listener)
            client.post("/api/gmail/connect", json=body).raise_for_status()


def leave_unchanged(case: Case, listener: FuzzListener) -> None:
    """Most operations need nothing."""


def use_real_mail(case: Case, listener: FuzzListener) -> None:
    """Random bytes are not a mail, so every second upload is a real one."""
    if guide.half() and (guide.is_guided or isinstance(case.body, dict)):
        case.body = {"file": new_newsletter()}


def new_newsletter() -> str:
    return MAIL.format(number=next(numbers), odd=guide.odd_text())


def use_new_mail(case: Case, listener: FuzzListener) -> None:
    """Every second deletion is that of a mail which was uploaded just before."""
    if guide.half():
        case.path_parameters["id"] = upload_mail(listener)


def upload_mail(listener: FuzzListener) -> str:
    file = ("a.eml", new_newsletter().encode(), "message/rfc822")
    with listener.client(CONTEXT.url) as client:
        response = client.post("/api/mail", files={"file": file}).raise_for_status()
    return str(response.json()["mails"][0]["id"])


def limit_import(case: Case, listener: FuzzListener) -> None:
    """Make the file small, because the files of a listener's imports have a limit together."""
    if isinstance(case.body, dict) and isinstance(bytes_ := case.body.get("bytes"), int):
        case.body["bytes"] = min(bytes_, 1000)
    remove_imports(listener)


def use_new_import(case: Case, listener: FuzzListener) -> None:
    """Every second time, use an import that was begun just before."""
    if guide.half():
        case.path_parameters["id"] = begin_import(listener, 1000)


def use_next_part(case: Case, listener: FuzzListener) -> None:
    """Every second part is the only one of a new import."""
    if guide.half():
        case.body = new_newsletter().encode()
        case.query["offset"] = 0
        case.path_parameters["id"] = begin_import(listener, len(case.body))


def begin_import(listener: FuzzListener, bytes_: int) -> str:
    remove_imports(listener)
    with listener.client(CONTEXT.url) as client:
        body = {"name": "Fuzz.mbox", "bytes": bytes_}
        response = client.post("/api/mail/imports", json=body).raise_for_status()
    return str(response.json()["id"])


def remove_imports(listener: FuzzListener) -> None:
    """Delete imports of this run once there are many, because a listener can have only a few open ones."""
    with listener.client(CONTEXT.url) as client:
        ids = [one["id"] for one in client.get("/api/mail/imports").raise_for_status().json()]
        for id in ids[MAX_IMPORTS:]:
            if id not in CONTEXT.all_protected_ids:
                client.delete(f"/api/mail/imports/{id}")


def use_consent(case: Case, listener: FuzzListener) -> None:
    """Use a code that the stand-in for Google has just issued."""
    if listener.address and isinstance(case.body, dict) and guide.half():
        case.body.update(consent(CONTEXT.url, listener))
        case.query.pop("user_id", None)


def use_gmail_source(case: Case, listener: FuzzListener) -> None:
    """Every second time, use the listener's Gmail. Reconnecting gives it another id, so no list has it."""
    if listener.address and guide.half():
        with listener.client(CONTEXT.url) as client:
            listed = client.get("/api/sources").raise_for_status().json()
        ids = [source["id"] for source in listed if source["kind"] == "gmail"]
        case.path_parameters["id"] = ids[0] if ids else case.path_parameters["id"]


def use_label(case: Case, listener: FuzzListener) -> None:
    if guide.is_guided and CONTEXT.labels:
        case.body = {"label_id": CONTEXT.labels[0]}


def limit_cost(case: Case, listener: FuzzListener) -> None:
    """Make an order cheap: one minute, from existing mails, and with a cap."""
    if not isinstance(case.body, dict):
        return
    if case.body.get("email_ids") and guide.often():
        case.body["email_ids"] = newsletters(listener)
    if case.body.get("user_id") and guide.often():
        case.body["user_id"] = listener.id
    if "minutes" in case.body and guide.often():
        case.body["minutes"] = 1
    if isinstance(minutes := case.body.get("minutes"), int) and minutes > 1:
        case.body["minutes"] = INVALID_MINUTES
    case.body["cap_usd"] = min(case.body.get("cap_usd") or MAX_COST_USD, MAX_COST_USD)


def newsletters(listener: FuzzListener) -> list[str]:
    """Mails to brew from. In a deployed service these are the ones that the run uploaded, which come last."""
    return CONTEXT.things[listener.name]["mails"][-4:]


def limit_orders(case: Case, listener: FuzzListener) -> None:
    """When the run has ordered enough episodes, repeat the first order, which brews nothing, or order from a
    mail that does not exist."""
    limit_cost(case, listener)
    if not isinstance(case.body, dict):
        return
    if len(episode_ids) < CONTEXT.brews - RESERVED_BREWS:
        if guide.half():
            case.headers["idempotency-key"] = uuid4().hex
    elif order := first_orders.get(listener.name):
        case.headers["idempotency-key"], case.body = order[0], dict(order[1])
    else:
        case.body["email_ids"] = [str(uuid4())]


def use_block(case: Case, listener: FuzzListener) -> None:
    """Use a block of a new mail, or the id `b1`, which the first block of most mails has."""
    if guide.is_guided:
        case.path_parameters["id"] = id = upload_mail(listener)
        with listener.client(CONTEXT.url) as client:
            blocks = client.get(f"/api/mail/{id}").raise_for_status().json()["blocks"]
        case.body = {"cut": [blocks[0]["id"]]}
    elif isinstance(case.body, dict) and guide.often():
        case.body.update({name: ["b1"] for name in ("cut", "restore") if case.body.get(name)})


def use_open_brew(case: Case, listener: FuzzListener) -> None:
    """An ended brew cannot be cancelled, so every second time a new one is ordered."""
    if guide.half() and (id := order_episode(listener)):
        case.path_parameters["id"] = id


def use_script_in_review(case: Case, listener: FuzzListener) -> None:
    """Only a script that waits for its listener can be changed or spoken."""
    ids = ids_in_review.setdefault(listener.name, [])
    if not ids and guide.is_guided and (id := order_episode(listener, review=True)):
        ids.append(id)
    if not ids:
        return
    case.path_parameters["id"] = ids[-1]
    with listener.client(CONTEXT.url) as client:
        for _ in range(TIMEOUT_SECONDS):
            if client.get(f"/api/podcast/{ids[-1]}").json().get("awaits_review"):
                break
            sleep(1)
        script = client.get(f"/api/podcast/{ids[-1]}/script").json()
    if case.operation.definition.raw["operationId"] == "speakPodcast":
        ids.pop()
    elif guide.is_guided:
        sentences = [one for part in script["segments"] for one in part["sentences"]]
        case.path_parameters["number"] = sentences[-1]["id"] if sentences else 0
        case.body = {"removed": False}


def order_episode(listener: FuzzListener, **more: object) -> str | None:
    """Order an episode of one minute, unless the run has ordered enough. Waits while too many are open."""
    order = {"minutes": 1, "cap_usd": MAX_COST_USD, "email_ids": newsletters(listener)} | more
    for _ in range(TIMEOUT_SECONDS):
        if len(episode_ids) >= CONTEXT.brews:
            return None
        with listener.client(CONTEXT.url) as client:
            response = client.post("/api/podcast/generate", json=order)
        if response.status_code == httpx2.codes.ACCEPTED:
            episode_ids.add(id := str(response.json()["id"]))
            return id
        if response.status_code != httpx2.codes.TOO_MANY_REQUESTS:
            return None
        sleep(1)
    return None


def create_feed_token(listener: FuzzListener) -> str | None:
    """Create a feed token, unless the listener has as many as allowed."""
    with listener.client(CONTEXT.url) as client:
        response = client.post("/api/feed/tokens", json={"name": "Fuzz"})
    return str(response.json()["id"]) if response.status_code == httpx2.codes.CREATED else None


def use_new_rule(case: Case, listener: FuzzListener) -> None:
    """Every second time, revoke a rule that was made just before."""
    if guide.half() and (id := make_rule(listener)):
        case.path_parameters["id"] = id


def make_rule(listener: FuzzListener) -> str | None:
    """Make a rule about a block of a new mail, unless the listener has as many as allowed."""
    mail = upload_mail(listener)
    with listener.client(CONTEXT.url) as client:
        blocks = client.get(f"/api/mail/{mail}").raise_for_status().json()["blocks"]
        response = client.patch(f"/api/mail/{mail}", json={"cut": [blocks[0]["id"]]})
    return str(response.json()["rules"][0]["id"]) if response.is_success else None


def store_pronunciation(listener: FuzzListener) -> str | None:
    """Store a word, unless the listener has as many as allowed."""
    entry = {"word": f"Fuzz {uuid4()}", "say": "Fuss"}
    with listener.client(CONTEXT.url) as client:
        response = client.put("/api/pronunciations", json=entry)
    return str(response.json()["id"]) if response.is_success else None


def use_created(
    operation: str, create: Callable[[FuzzListener], str | None]
) -> Callable[[Case, FuzzListener], None]:
    """Every second time, use a thing that the same listener created in this run."""

    def prepare(case: Case, listener: FuzzListener) -> None:
        if guide.half():
            ids = created_ids.setdefault((operation, listener.name), [])
            id = ids.pop() if ids else create(listener) if guide.is_guided else None
            case.path_parameters["id"] = id or case.path_parameters["id"]

    return prepare


def use_cancelled_episode(case: Case, listener: FuzzListener) -> None:
    """Only an ended episode can be retried. The retry is under the same cap."""
    ids = cancelled_ids.setdefault(listener.name, [])
    if not ids and guide.is_guided and (id := order_episode(listener)):
        with listener.client(CONTEXT.url) as client:
            client.post(f"/api/podcast/{id}/cancel")
        ids.append(id)
    if ids:
        case.path_parameters["id"] = ids.pop()


def use_changeable_episode(case: Case, listener: FuzzListener) -> None:
    """Never raise the cap, and in a deployed service change only an episode of this run."""
    if isinstance(case.body, dict) and case.body.get("cap_usd"):
        case.body["cap_usd"] = min(case.body["cap_usd"], MAX_COST_USD)
    if guide.is_guided and CONTEXT.is_deployed:
        ids = created_ids.setdefault(("brewPodcast", listener.name), [])
        if not ids and (id := order_episode(listener)):
            ids.append(id)
        case.path_parameters["id"] = ids[-1] if ids else case.path_parameters["id"]


def schedule_for_later(case: Case, listener: FuzzListener) -> None:
    """Choose a time in half a day, so that no scheduled episode begins during the run."""
    if isinstance(case.body, dict) and "time" in case.body and "zone" in case.body:
        case.body["time"] = time_in_half_a_day(case.body["zone"])


def time_in_half_a_day(zone: str) -> str:
    return f"{datetime.now(UTC).astimezone(ZoneInfo(zone)) + timedelta(hours=12):%H:%M}"


def create_schedule(case: Case, listener: FuzzListener) -> None:
    """Create a schedule, because an earlier case may have deleted it."""
    if guide.is_guided:
        schedule = {"cadence": "daily", "time": time_in_half_a_day("UTC"), "zone": "UTC"}
        with listener.client(CONTEXT.url) as client:
            client.put("/api/schedule", json=schedule).raise_for_status()


PREPARATIONS: dict[str, Callable[[Case, FuzzListener], None]] = {
    "uploadMail": use_real_mail,
    "beginImport": limit_import,
    "uploadImportPart": use_next_part,
    "cancelImport": use_new_import,
    "deleteImport": use_new_import,
    "connectGmail": use_consent,
    "addGmailSource": use_consent,
    "listSourceLabels": use_gmail_source,
    "chooseGmailLabel": use_label,
    "brewPodcast": limit_orders,
    "quotePodcast": limit_cost,
    "retryPodcast": use_cancelled_episode,
    "cancelPodcast": use_open_brew,
    "changeSentence": use_script_in_review,
    "speakPodcast": use_script_in_review,
    "changeMail": use_block,
    "changePodcast": use_changeable_episode,
    "deleteMail": use_new_mail,
    "deletePodcast": use_created("brewPodcast", order_episode),
    "revokeFeedToken": use_created("createFeedToken", create_feed_token),
    "revokeRule": use_new_rule,
    "deletePronunciation": use_created("putPronunciation", store_pronunciation),
    "getSchedule": create_schedule,
    "setSchedule": schedule_for_later,
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

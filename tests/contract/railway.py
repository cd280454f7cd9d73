"""The service as Railway would start it, with two listeners who have one thing of each kind."""

import shlex
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx2

from tests.contract.consent import consent
from tests.contract.fuzz_target import (
    HOME_OPERATIONS,
    LISTS,
    SOURCE_OPERATIONS,
    FuzzListener,
    FuzzTarget,
    things,
)
from tests.product import ENDED, SAMPLES
from tests.production import ROOT, Listener, Production, production

DEPLOY: dict[str, Any] = tomllib.loads((ROOT / "railway.toml").read_text(encoding="utf-8"))[
    "deploy"
]
# Long, because this machine may be busier than Railway's.
TIMEOUT_SECONDS = 600
RAILWAY = {"RAILWAY_ENVIRONMENT": "production"}
IMPORT = {"name": "All mail.mbox", "bytes": 1000}
SCHEDULE = {"cadence": "weekly", "weekday": 6, "time": "23:59", "zone": "Pacific/Kiritimati"}
ORDER = {"minutes": 1, "title": "Brewed before the fuzz"}


@contextmanager
def on_railway(folder: Path) -> Iterator[FuzzTarget]:
    """Start the service with the commands and the health check of `railway.toml`."""
    with production(folder, **RAILWAY) as product:
        for command in DEPLOY["preDeployCommand"]:
            process = product.run(*_words(command))
            assert process.returncode == 0, process.stderr
        product.start(*_words(DEPLOY["startCommand"]))
        _wait_until_healthy(product)
        first, second, third = (product.sign_up(f"{name}@mail.example") for name in NAMES)
        listeners = (_listener("owner", first), _listener("second", second))
        for account, listener in zip((first, second), listeners, strict=True):
            account.receive(*MAILS[:3])
            with listener.client(product.url) as client:
                _add_things(client, listener)
        for listener in listeners:
            with listener.client(product.url) as client:
                _wait_until_ready(client)
        yield _target(product, listeners, _listener("spare", third))


def _target(
    product: Production, listeners: tuple[FuzzListener, FuzzListener], spare: FuzzListener
) -> FuzzTarget:
    protected, tokens = {}, []
    for listener in listeners:
        with listener.client(product.url) as client:
            tokens.append(client.post("/api/feed/tokens", json={"name": "Phone"}).json()["token"])
            protected[listener.name] = things(client)
    with listeners[0].client(product.url) as client:
        labels = client.get("/api/gmail/labels").raise_for_status().json()["labels"]
    ids = {kind: [id for own in protected.values() for id in own[kind]] for kind in LISTS}
    dictionary = ids | {
        "listeners": [listener.id for listener in listeners],
        "tokens": tokens,
        "labels": [label["id"] for label in labels],
    }
    return FuzzTarget(
        product.url,
        listeners,
        protected,
        dictionary,
        spare,
        product.environment["METRICS_TOKEN"],
        log=product.log,
        excluded={
            "deleteUser": "it deletes a listener; it is called once after the fuzz, by a third one"
        },
        impossible=dict.fromkeys(
            ("createSession", "createBrowserSession"),
            "listeners sign in through Supabase here; it is called after the fuzz, in an embedded service",
        )
        | dict.fromkeys(
            HOME_OPERATIONS, "it needs a server of one's own; it is called after the fuzz, on one"
        )
        | dict.fromkeys(
            SOURCE_OPERATIONS,
            "it needs a mailbox or a feed; it is called after the fuzz, with stand-ins",
        ),
    )


NAMES = ("ada", "bob", "eve")
MAILS = [sample.read_bytes() for sample in sorted(SAMPLES.glob("*.eml"))]


def _words(command: str) -> list[str]:
    program, *words = shlex.split(command)
    assert program == "audiobrew", command
    return words


def _listener(name: str, account: Listener) -> FuzzListener:
    return FuzzListener(name, account.id, account.token, account.address)


def _wait_until_healthy(product: Production) -> None:
    deadline = monotonic() + TIMEOUT_SECONDS
    while not _is_healthy(f"{product.url}{DEPLOY['healthcheckPath']}"):
        assert product.processes[0].poll() is None, product.log.read_text()
        assert monotonic() < deadline, product.log.read_text()
        sleep(0.1)


def _is_healthy(url: str) -> bool:
    try:
        return httpx2.get(url).is_success
    except httpx2.TransportError:
        return False


def _add_things(client: httpx2.Client, listener: FuzzListener) -> None:
    """Add newsletters and other mails, a rule, an import, a mailbox, a schedule, and an order."""
    for number, mail in enumerate(MAILS):
        file = (f"{number}.eml", mail, "message/rfc822")
        response = client.post("/api/mail", files={"file": file}).raise_for_status()
    mail = response.json()["mails"][0]["id"]
    client.patch(f"/api/mail/{mail}", json={"newsletter": False}).raise_for_status()
    client.post("/api/mail/imports", json=IMPORT).raise_for_status()
    body = consent(str(client.base_url).rstrip("/"), listener)
    client.post("/api/gmail/connect", json=body).raise_for_status()
    client.get("/api/gmail/emails").raise_for_status()
    client.put("/api/schedule", json=SCHEDULE).raise_for_status()
    client.post("/api/podcast/generate", json=ORDER).raise_for_status()


def _wait_until_ready(client: httpx2.Client) -> None:
    """Wait for the listener's only episode."""
    deadline = monotonic() + TIMEOUT_SECONDS
    while (episode := client.get("/api/podcast/list").json()[0])["status"] not in ENDED:
        assert monotonic() < deadline, episode["status"]
        sleep(0.2)
    assert episode["status"] == "ready", episode["trouble"]

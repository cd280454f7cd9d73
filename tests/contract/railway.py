"""The product as Railway would start it, with two listeners who have one of everything."""

import shlex
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx2

from tests.contract.consent import consent
from tests.contract.fuzz_target import PLACES, Host, Own, things
from tests.product import ENDED, SAMPLES
from tests.production import ROOT, Listener, Production, production

DEPLOY: dict[str, Any] = tomllib.loads((ROOT / "railway.toml").read_text(encoding="utf-8"))[
    "deploy"
]
PATIENCE_SECONDS = 600
"""This machine may be busier than Railway's."""
RAILWAY = {"RAILWAY_ENVIRONMENT": "production"}
SCHEDULE = {"cadence": "weekly", "weekday": 6, "time": "23:59", "zone": "Pacific/Kiritimati"}
ORDER = {"minutes": 1, "title": "Brewed before the fuzz"}


@contextmanager
def on_railway(folder: Path) -> Iterator[Host]:
    """Variables, migration, start command and health check as `railway.toml` has them."""
    with production(folder, **RAILWAY) as made:
        for command in DEPLOY["preDeployCommand"]:
            done = made.run(*_words(command))
            assert done.returncode == 0, done.stderr
        made.start(*_words(DEPLOY["startCommand"]))
        _until_ready(made)
        first, second, third = (made.sign_up(f"{name}@mail.example") for name in NAMES)
        both = (_own("owner", first), _own("second", second))
        for listener, own in zip((first, second), both, strict=True):
            listener.receive(*MAILS[:3])
            with own.at(made.url) as client:
                _furnish(client, own)
        for own in both:
            with own.at(made.url) as client:
                _until_brewed(client)
        yield _host(made, both, _own("spare", third))


def _host(made: Production, both: tuple[Own, Own], spare: Own) -> Host:
    kept, tokens = {}, []
    for own in both:
        with own.at(made.url) as client:
            tokens.append(client.post("/api/feed/tokens", json={"name": "Phone"}).json()["token"])
            kept[own.name] = things(client)
    with both[0].at(made.url) as client:
        labels = client.get("/api/gmail/labels").raise_for_status().json()["labels"]
    every = {kind: [id for one in kept.values() for id in one[kind]] for kind in PLACES}
    listeners = [own.id for own in both]
    shown = every | {
        "listeners": listeners,
        "tokens": tokens,
        "labels": [one["id"] for one in labels],
    }
    return Host(
        made.url,
        both,
        kept,
        shown,
        spare,
        made.environment["METRICS_TOKEN"],
        log=made.log,
        left_out={"deleteUser": "it erases a listener; done once at the end, by a third one"},
        closed=dict.fromkeys(
            ("createSession", "createBrowserSession"),
            "Supabase signs in here; done at an embedded one",
        ),
    )


NAMES = ("ada", "bob", "eve")
MAILS = [sample.read_bytes() for sample in sorted(SAMPLES.glob("*.eml"))]


def _words(command: str) -> list[str]:
    program, *words = shlex.split(command)
    assert program == "audiobrew", command
    return words


def _own(name: str, listener: Listener) -> Own:
    return Own(name, listener.id, listener.token, listener.address)


def _until_ready(made: Production) -> None:
    late = monotonic() + PATIENCE_SECONDS
    while not _ready(f"{made.url}{DEPLOY['healthcheckPath']}"):
        assert made.processes[0].poll() is None, made.log.read_text()
        assert monotonic() < late, made.log.read_text()
        sleep(0.1)


def _ready(url: str) -> bool:
    try:
        return httpx2.get(url).is_success
    except httpx2.TransportError:
        return False


def _furnish(client: httpx2.Client, own: Own) -> None:
    """Mails of both kinds, a connected mailbox, an episode that begins, a schedule."""
    for number, mail in enumerate(MAILS):
        file = (f"{number}.eml", mail, "message/rfc822")
        client.post("/api/mail", files={"file": file}).raise_for_status()
    asked = consent(str(client.base_url).rstrip("/"), own)
    client.post("/api/gmail/connect", json=asked).raise_for_status()
    client.get("/api/gmail/emails").raise_for_status()
    client.put("/api/schedule", json=SCHEDULE).raise_for_status()
    client.post("/api/podcast/generate", json=ORDER).raise_for_status()


def _until_brewed(client: httpx2.Client) -> None:
    """Their first episode, which is the only one."""
    late = monotonic() + PATIENCE_SECONDS
    while (episode := client.get("/api/podcast/list").json()[0])["status"] not in ENDED:
        assert monotonic() < late, episode["status"]
        sleep(0.2)
    assert episode["status"] == "ready", episode["trouble"]

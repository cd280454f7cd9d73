"""A running product with sources, and what tests ask of it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2

from tests.serving import service_settings, serving

NEWSLETTER = """\
From: {sender} <hello@{host}>
To: ada@mail.example
Subject: {subject}
Date: Mon, 23 Nov 2026 07:30:00 +0000
Message-Id: <{number}@{host}>
List-Id: {sender} <{host}>
Content-Type: text/plain; charset=utf-8

The town's bridge number {number} opens on Tuesday, says the council, after two years of work.

It cost {number} million pounds, and carries trams as well as cars from the first morning on.
"""


def a_newsletter(number: int, host: str = "roast.example", sender: str = "The Roast") -> bytes:
    subject = f"Bridge {number}"
    text = NEWSLETTER.format(number=number, host=host, sender=sender, subject=subject)
    return text.replace("\n", "\r\n").encode()


def a_letter(number: int) -> bytes:
    """A mail from a person."""
    lines = a_newsletter(number, "friend.example", "Eve").split(b"\r\n")
    return b"\r\n".join(line for line in lines if not line.startswith(b"List-Id"))


@contextmanager
def serving_sources(folder: Path, **more: Any) -> Iterator[httpx2.Client]:
    """The client of the machine's own listener."""
    settings = service_settings(folder, **({"private_sources": True} | more))
    with serving(settings) as service, service.client(service.sign_in()) as owner:
        yield owner


def forget_all(owner: httpx2.Client) -> None:
    """Remove all sources, mails and rules of a listener."""
    for path in ("sources", "mail", "rules"):
        while things := owner.get(f"/api/{path}").raise_for_status().json():
            for thing in things:
                owner.delete(f"/api/{path}/{thing['id']}").raise_for_status()


def wait_for(owner: httpx2.Client, until: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The only source, once it is as it should be."""
    end = time.monotonic() + 120
    while True:
        [source] = owner.get("/api/sources").raise_for_status().json()
        if until(source):
            return dict(source)
        assert time.monotonic() < end, source
        time.sleep(0.05)


def is_up_to_date(source: dict[str, Any]) -> bool:
    return bool(source["state"] == "up_to_date")


def subjects(owner: httpx2.Client) -> list[str]:
    mails = owner.get("/api/mail", params={"limit": 200}).raise_for_status().json()
    return sorted(mail["subject"] for mail in mails)


def problem(response: httpx2.Response) -> tuple[int, str]:
    return response.status_code, response.json()["type"].rpartition("/")[2]

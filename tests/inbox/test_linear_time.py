"""Mails that once took seconds to minutes: time grows with their size, and with nothing else."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from time import process_time

import pytest
from audiobrew.inbox.limits import Limits
from audiobrew.inbox.mailbox import MailTooLarge, UnreadableMail
from audiobrew.inbox.newsletter import Newsletter
from audiobrew.inbox.reading import read_mail
from audiobrew.script.items import Item, Line
from audiobrew.script.same_story import grouped

HEAD = b"From: a@b.example\nDate: Mon, 2 Nov 2026 08:00:00 +0100\nSubject: x\nList-Id: <l>\n"
HTML = HEAD + b"Content-Type: text/html\n\n"
PARTS = HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n"


def meta(size: int) -> bytes:
    part = b"--b\nContent-Type: text/html\n\n<meta " + b"charset=" * 20 + b"\t" * 1_900 + b"\n"
    return PARTS + part * (size // len(part))


def semicolons(size: int) -> bytes:
    part = b"--b\nContent-Type: text/plain" + b";" * 3_900 + b"\n\nHello.\n"
    return PARTS + part * (size // len(part))


def labels(size: int) -> bytes:
    line = b"--- ** Presented by " + b"- * " * 14 + b"--- ** !\n\n"
    return HEAD + b"\n" + line * min(19_000, size // len(line))


SHAPES: dict[str, Callable[[int], bytes]] = {
    "byline": lambda size: HEAD + b"\nBy " + b"Aey" * 30 + b"!\n\n" + b"word " * (size // 5),
    "bylines": lambda size: HEAD + (b"\nBy " + b"Aey" * 30 + b"!\n") * min(9_000, size // 95),
    "meta": meta,
    "open tags": lambda size: HTML + b"</a" * (size // 3),
    "open tags apart": lambda size: HTML + b"</a " * (size // 4),
    "semicolons": semicolons,
    "labels": labels,
    "styles": lambda size: HTML + (b'<p style="' + b"a" * 3_990 + b'">x</p>') * (size // 4_010),
    "selectors": lambda size: HTML + b"<style>" + b"a" * size + b"{" + b"b" * size + b"</style>x",
    "rules": lambda size: HTML + b"<style>" + b"a{" * (size // 2) + b"</style>x",
    "newlines": lambda size: HEAD + b"\n" * size,
    "hyphens": lambda size: HEAD + b"\n" + b"--" * (size // 2),
    "boundaries": lambda size: PARTS + b"--b\n" * (size // 4),
    "entities": lambda size: HTML + b"&#x26;" * (size // 6),
    "quotations": lambda size: HEAD + b"\n" + b">" * size,
    "encoded words": lambda size: HEAD + b"Subject: " + b"=?utf-8?q?a" * (size // 11) + b"\n\nx",
    "one letter": lambda size: HEAD + b"\n" + b"x" * size,
    "spaces": lambda size: HEAD + b"\n" + b"x " * (size // 2),
    "brackets": lambda size: HEAD + b"\n" + b"[" * size,
    "addresses": lambda size: HEAD + b"\n" + b"http://" * (size // 7),
    "cells": lambda size: HTML + b"<table>" + b"<tr><td>a" * min(30_000, size // 9),
    "depth": lambda size: HTML + b"<div>" * min(90_000, size // 5),
}  # fmt: skip


def seconds(raw: bytes) -> float:
    start = process_time()
    with suppress(UnreadableMail, MailTooLarge):
        read_mail(raw, limits=Limits())
    return process_time() - start


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_eight_times_the_mail_takes_eight_times_as_long(shape: Callable[[int], bytes]) -> None:
    small, large = 40_000, 320_000
    seconds(shape(1_000))  # what is loaded late
    base = min(seconds(shape(small)) for _ in range(3))
    took = min(seconds(shape(large)) for _ in range(2))

    assert took < max(8 * 2.5 * base, 0.4)


def item(number: int, key: str, text: str) -> Item:
    newsletter = Newsletter(
        f"{number}", key, "s", "a", "t", "en", datetime(2026, 1, 1, tzinfo=UTC), True, ()
    )
    return Item(f"Story {number}", newsletter, 0, (Line(text, ("b",), 0, needs=False),), "en")


@pytest.mark.parametrize("apart", [True, False])
def test_thousands_of_stories_are_compared_in_time(apart: bool) -> None:
    """Of one newsletter, or each of another that names the same four."""
    text = "When Ada Brook met Tom Hale in Oslo on 14 May, they paid 3,000 to Lumen and Vox."
    items = [item(n, f"{n if apart else 0}", f"{text} Number {n}.") for n in range(2_000)]
    start = process_time()
    grouped(items)

    assert process_time() - start < 12

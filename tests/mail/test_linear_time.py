"""Mails that once took seconds to minutes are read in time that is linear in their size."""

import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from time import process_time

import pytest
from audiobrew.mail.limits import Limits
from audiobrew.mail.mime.transfer import decode_transfer
from audiobrew.mail.newsletter import Newsletter
from audiobrew.mail.reader import read_mail
from audiobrew.mail.source_mail import MailTooLarge, UnreadableMail
from audiobrew.script.items import Item
from audiobrew.script.line import Line
from audiobrew.script.same_story import group_by_story

HEAD = b"From: a@b.example\nDate: Mon, 2 Nov 2026 08:00:00 +0100\nSubject: x\nList-Id: <l>\n"
HTML = HEAD + b"Content-Type: text/html\n\n"
TEXT = HEAD + b"\n"
QUOTED = HEAD + b"Content-Transfer-Encoding: quoted-printable\n\n"
FLOWED = HEAD + b"Content-Type: text/plain; format=flowed\n\n"
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


def nested(kind: bytes) -> Callable[[int], bytes]:
    """Parts in parts: each begins with the head of the next."""

    def shape(size: int) -> bytes:
        head = b"Content-Type: " + kind + b"; boundary=b%d\n\n--b%d\n"
        return HEAD + b"".join(head % (n, n) for n in range(size // 50)) + b"\nx"

    return shape


def parameters(size: int) -> bytes:
    pieces = b"".join(b"; name*%d=a" % n for n in range(300))
    part = b"--b\nContent-Type: text/plain" + pieces + b"\n\nHello.\n"
    return PARTS + part * (size // len(part))


def hidden(size: int) -> bytes:
    """As many hidden classes as paragraphs that name them all."""
    names = [b"c%d" % n for n in range(200)]
    rules = b"".join(b".%s{display:none}" % name for name in names)
    paragraph = b'<p class="' + b" ".join(names) + b'">x</p>'
    return HTML + b"<style>" + rules + b"</style>" + paragraph * (size // len(paragraph))


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
    "hyphens": lambda size: TEXT + b"--" * (size // 2),
    "boundaries": lambda size: PARTS + b"--b\n" * (size // 4),
    "entities": lambda size: HTML + b"&#x26;" * (size // 6),
    "quotations": lambda size: TEXT + b">" * size,
    "encoded words": lambda size: HEAD + b"Subject: " + b"=?utf-8?q?a" * (size // 11) + b"\n\nx",
    "one letter": lambda size: TEXT + b"x" * size,
    "spaces": lambda size: TEXT + b"x " * (size // 2),
    "brackets": lambda size: TEXT + b"[" * size,
    "addresses": lambda size: TEXT + b"http://" * (size // 7),
    "cells": lambda size: HTML + b"<table>" + b"<tr><td>a" * min(30_000, size // 9),
    "depth": lambda size: HTML + b"<div>" * min(90_000, size // 5),
    "comments": lambda size: HTML + b"<!--" * (size // 4),
    "comment ends": lambda size: HTML + b"<!---" + b"--!" * (size // 3) + b">x",
    "declarations": lambda size: HTML + b"<![CDATA[<?" * (size // 11),
    "open quotations": lambda size: HTML + b'<a href="' * (size // 9),
    "odd quotations": lambda size: HTML + b"<a b='c\"" * (size // 9),
    "attributes": lambda size: HTML + b"<p " + b"".join(b"a%d=1 " % n for n in range(size // 9)) + b">x",
    "open attributes": lambda size: HTML + b"<p " + b"".join(b"a%d " % n for n in range(size // 7)),
    "no tags": lambda size: HTML + "<é".encode() + b"<b><font><div>" * (size // 14),
    "equals signs": lambda size: HTML + b"<a =" + b" =" * (size // 2),
    "scripts": lambda size: HTML + b"<script>" + b"</script" * (size // 8),
    "media rules": lambda size: HTML + b"<style>" + b"@media x{" * (size // 9) + b"</style>x",
    "style comments": lambda size: HTML + b"<style>" + b"/*" * (size // 2) + b"</style>x",
    "hidden": hidden,
    "links": lambda size: HTML + b"<p>" + b"<a href=http://x.y>a</a>|" * (size // 25) + b"</p>",
    "open links": lambda size: HTML + b"<a href=http://x.y>a" * (size // 20),
    "headings": lambda size: HTML + b"<h2>A heading</h2>" * min(19_000, size // 18),
    "bold": lambda size: HTML + b"<p><b><font>x" * (size // 13),
    "lists": lambda size: HTML + b"<ul><li>a" * min(19_000, size // 9),
    "nested tables": lambda size: HTML + b"<table><tr><td>a" * min(19_000, size // 16),
    "pictures": lambda size: HTML + b'<img alt="a" width=1>' * (size // 21),
    "invisible": lambda size: HTML + b"&#8203;&zwnj;&shy;" * (size // 18),
    "footnotes": lambda size: TEXT + b"[1]" * (size // 6) + b"\n" + b"\n[1] http://a.b" * (size // 30),
    "markdown links": lambda size: TEXT + b"[a](" * (size // 4),
    "complete links": lambda size: TEXT + b"[a](http://b.c) " * (size // 16),
    "items": lambda size: TEXT + b"- a\n" * min(19_000, size // 4),
    "underlines": lambda size: TEXT + b"A title\n===\n\n" * min(19_000, size // 13),
    "parentheses": lambda size: HEAD + b"\n(" + b" " * size + b"(\n",
    "copyright": lambda size: HEAD + b"\n\xc2\xa9" + b" \t" * (size // 2) + b"!\n",
    "minutes": lambda size: HEAD + b"\n5" + b"\xc2\xa0" * (size // 2) + b"!\n",
    "sponsors": lambda size: TEXT + (b"Presented by " + b"A1" * 70 + b"!\n\n") * min(19_000, size // 160),
    "ways out": lambda size: TEXT + b"manage your my email email " * (size // 27),
    "advice": lambda size: TEXT + b"not intended as a word, word, word, word, " * (size // 42),
    "capitals": lambda size: TEXT + b"BY AND E ET Y " * (size // 14),
    "flowed": lambda size: FLOWED + b"> a \n>> b \n" * (size // 11),
    "Chinese": lambda size: HEAD + b"\n" + "今天天气".encode() * (size // 12),
    "not UTF-8": lambda size: TEXT + b"\xff\xc3\xe2\x80" * (size // 4),
    "multiparts": nested(b"multipart/mixed"),
    "mails in mails": nested(b"message/rfc822"),
    "quoted-printable": lambda size: QUOTED + b"=3D==\n" * (size // 6),
    "soft line ends": lambda size: QUOTED + b"= \t" * (size // 3),
    "base64": lambda size: HEAD + b"Content-Transfer-Encoding: base64\n\n" + b"QQ=*=" * (size // 5),
    "fields": lambda size: HEAD + b"X-Field: a\n" * (size // 11) + b"\nx",
    "folds": lambda size: HEAD + b"X-Field: a\n" + b" a\n" * (size // 3) + b"\nx",
    "one field": lambda size: HEAD + b"x" * size + b"\n\nx",
    "senders": lambda size: b"From: " + b'"<(a@' * (size // 5) + b"\n" + HEAD + b"\nx",
    "dates": lambda size: b"Date: " + b"(" * size + b"\n" + HEAD + b"\nx",
    "parameters": parameters,
    "joined words": lambda size: HEAD + b"Subject: " + b"=?utf-8?q?a?= \n " * (size // 16) + b"\n\nx",
}  # fmt: skip


def seconds(raw: bytes) -> float:
    start = process_time()
    with suppress(UnreadableMail, MailTooLarge):
        read_mail(raw, limits=Limits())
    return process_time() - start


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_a_mail_is_read_in_linear_time(shape: Callable[[int], bytes]) -> None:
    small, large = 40_000, 320_000
    seconds(shape(1_000))  # what is loaded late
    base = min(seconds(shape(small)) for _ in range(3))
    most = max(8 * 2.5 * base, 0.4)

    assert any(seconds(shape(large)) < most for _ in range(2))


@pytest.mark.parametrize("shape", ["semicolons", "styles", "selectors"])
def test_invisible_content_costs_less_than_a_page_of_text(shape: str) -> None:
    """Also where a part's length bounds what it costs, so that the mail's own length does not tell."""
    page = HTML + b"<p>The pier opens on Monday, and ships come in.</p>\n" * 6_400
    text = min(seconds(page) for _ in range(2))

    assert min(seconds(SHAPES[shape](len(page))) for _ in range(3)) < text / 4


def item(number: int, key: str, text: str) -> Item:
    newsletter = Newsletter(
        f"{number}", key, "s", "a", "t", "en", datetime(2026, 1, 1, tzinfo=UTC), True, ()
    )
    return Item(
        f"Story {number}", newsletter, 0, (Line(text, ("b",), 0, depends_on_previous=False),), "en"
    )


@pytest.mark.parametrize("apart", [True, False])
def test_thousands_of_stories_are_grouped_in_time(apart: bool) -> None:
    """Of one newsletter, or each of another that names the same four."""
    text = "When Ada Brook met Tom Hale in Oslo on 14 May, they paid 3,000 to Lumen and Vox."
    items = [item(n, f"{n if apart else 0}", f"{text} Number {n}.") for n in range(2_000)]
    start = process_time()
    group_by_story(items)

    assert process_time() - start < 12


@pytest.mark.parametrize(
    ("unit", "expected"),
    [(b"QQ*Q*", b"A\x04\x10" * 75_000), (b"QQ=*=", b"A" * 100_000)],
    ids=["between digits", "in padding, which ends a run"],
)
def test_stray_characters_in_base64_take_no_memory(unit: bytes, expected: bytes) -> None:
    body = unit * 100_000
    tracemalloc.start()
    decoded = decode_transfer(body, "base64")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert decoded == expected
    assert peak < 3 * len(body)

"""HTML written to exhaust or to misuse its reader: each ends, and its last word is still heard."""

import socket

import httpx2
import pytest
from audiobrew.mail.html.reader import read_html

MANY = 20_000
TRAPS = {
    "nested boxes": "<div>" * MANY,
    "nested lists": "<ul><li>" * MANY,
    "nested layout tables": "<table><tr><td>" * MANY,
    "open bold in paragraphs": "".join(f"<font size={n}><p>" for n in range(MANY)),
    "open links": "".join(f"<a href=https://x.example/{n}><p>" for n in range(MANY)),
    "tags in tags": "<a '" * MANY + "'>",
    "tags that hide in quotes": "<div x='<'>" * MANY,
    "closing tags of nothing": "<div></x>" * MANY,
    "closing tags out of turn": "<span><div></span>" * MANY,
    "attributes behind quotes": "<div x='>' " + "".join(f"<a{n} " for n in range(MANY)) + ">",
    "attributes": "<div " + "".join(f"a{n}=1 " for n in range(MANY)) + ">",
    "spaces": " " * 100_000,
    "filler": "\u034f\u200c\u00a0" * 100_000,
    "closing tags": "</div></p>" * MANY,
    "comments in comments": "<!--" * MANY + "-->",
    "style sheet": "<style>" + "@{" * MANY + "/*" * MANY + "</style>",
    "headings": "<h1>" * MANY,
    "unclosed tables": "<table>" * MANY,
}


@pytest.mark.parametrize("trap", TRAPS.values(), ids=TRAPS.keys())
def test_hostile_html_is_read_to_its_end(trap):
    drafts = read_html(trap + "<p>the last word</p>")

    assert any("the last word" in draft.text for draft in drafts)


def test_thousands_of_sponsor_labels_are_read_to_the_end():
    drafts = read_html("<div><p>Sponsored</p><div><p>some words about it</p></div></div>" * 3_000)

    assert len(drafts) == 6_000


def test_an_unclosed_tag_is_read_in_linear_time():
    assert read_html("<p>first</p>" + "<a x=1 " * 50_000)[0].text == "first"


def test_an_unclosed_comment_hides_nothing():
    assert [draft.text for draft in read_html("<p>one</p><!-- two")][:1] == ["one"]


def test_deeply_nested_text_keeps_its_order():
    deep = "".join(f"<div>{n} " for n in range(1_000))

    assert " ".join(draft.text for draft in read_html(deep)).split() == [
        str(n) for n in range(1_000)
    ]


PLACES = (
    "http://{0}/", "http://[::ffff:127.0.0.1]:{1}/", "http://localhost:{1}/", "http://2130706433:{1}/",
    "http://0x7f000001:{1}/", "http://127.1:{1}/", "//{0}/", "http://a@{0}/", "ftp://{0}/",
    "gopher://{0}/", "http://LOCALHOST.:{1}/", "http://0.0.0.0:{1}/", "file://{0}/etc/passwd",
)  # fmt: skip
"""Ways to name this machine."""
HEAD = """\
From: a@b.example
Date: Mon, 2 Nov 2026 08:00:00 +0100
Subject: The harbour
List-Id: <l>
List-Unsubscribe: <http://127.0.0.1:{port}/>
Content-Type: text/html

"""


def asks_for(place: str) -> str:
    """Everything in HTML that a browser or a library may follow by itself."""
    return f"""
        <link rel="stylesheet" href="{place}"><base href="{place}">
        <style>@import url("{place}"); p {{background: url({place})}}</style>
        <meta http-equiv="refresh" content="0; url={place}"><img src="{place}" srcset="{place} 2x">
        <iframe src="{place}"></iframe><object data="{place}"></object><video poster="{place}"></video>
        <p>The harbour of Bergen counted 4210 visitors. <a href="{place}">The whole story</a></p>
    """


def test_no_url_in_a_mail_is_fetched(owner: httpx2.Client) -> None:
    """Neither when it is read nor when it is brewed and heard."""
    with socket.create_server(("127.0.0.1", 0)) as here:
        here.setblocking(False)
        port = here.getsockname()[1]
        html = "".join(asks_for(place.format(f"127.0.0.1:{port}", port)) for place in PLACES)
        mail = HEAD.format(port=port) + html
        sent = owner.post("/api/mail", files={"file": ("a.eml", mail.encode(), "message/rfc822")})
        id = sent.raise_for_status().json()["mails"][0]["id"]
        blocks = owner.get(f"/api/mail/{id}").raise_for_status().json()["blocks"]
        order = {"email_ids": [id], "minutes": 1}
        episode = owner.post("/api/podcast/generate", json=order).raise_for_status().json()["id"]
        owner.get(f"/api/podcast/{episode}/events").raise_for_status()
        status = owner.get(f"/api/podcast/{episode}").raise_for_status().json()["status"]
        with pytest.raises(BlockingIOError):
            here.accept()

    assert any("harbour" in block["text"] for block in blocks)
    assert status == "ready"

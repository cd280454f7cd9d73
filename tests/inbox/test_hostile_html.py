"""HTML written to exhaust its reader: each of these ends, and its last word is still heard."""

import pytest
from audiobrew.inbox.html_reading import read_html

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
def test_a_trap_is_read_to_its_end(trap):
    drafts = read_html(trap + "<p>the last word</p>")

    assert any("the last word" in draft.text for draft in drafts)


def test_many_labels_of_sponsors_are_judged_to_the_end():
    drafts = read_html("<div><p>Sponsored</p><div><p>some words about it</p></div></div>" * 3_000)

    assert len(drafts) == 6_000


def test_a_tag_that_never_ends_costs_no_more_than_its_length():
    assert read_html("<p>first</p>" + "<a x=1 " * 50_000)[0].text == "first"


def test_a_comment_that_is_never_closed_hides_nothing():
    assert [draft.text for draft in read_html("<p>one</p><!-- two")][:1] == ["one"]


def test_deep_text_keeps_its_order():
    deep = "".join(f"<div>{n} " for n in range(1_000))

    assert " ".join(draft.text for draft in read_html(deep)).split() == [
        str(n) for n in range(1_000)
    ]

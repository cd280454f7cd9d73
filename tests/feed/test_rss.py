import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from uuid import UUID

import feedparser
import pytest
from audiobrew.feed.feed_urls import FeedUrls
from audiobrew.feed.rss import podcast_guid, rss
from audiobrew.feed.show import Item, Story, StorySource
from audiobrew.mail.newsletter import Link
from lxml import html

from tests.feed.psp1 import ATOM, CONTENT, ITUNES, PODCAST, lint_feed

SHOW = UUID("5b3c1c5e-3d50-4b7e-9f3c-0c7a9d1f0a01")
TOKEN = "t0ken-of-the-phone_9Zk"
URLS = FeedUrls("https://app.test", TOKEN)
SOURCE = StorySource(
    "The Roast", "Beans are back", (Link("Read it", "https://roast.test/beans?a=1&b=2"),)
)
HOSTILE = '<script>alert(1)</script>&lt;script&gt;"\x00\x01\x0b\ufffe\u202egpj\u2066</p>]]>'


def item(
    title: str = "Tuesday brew",
    number: int = 1,
    stories: tuple[Story, ...] = (Story("Beans", 4.2, 61.0, (SOURCE,)),),
    note: str | None = None,
    hosts: int = 2,
) -> Item:
    noon = datetime(2026, 11, number, 12, 0, tzinfo=UTC)
    return Item(UUID(int=number), title, "en", hosts, note, 3725.6, 44_707_200, noon, stories)


def item_from(sender: str, subject: str, *links: Link) -> Item:
    return item(stories=(Story(subject, 0.0, 9.0, (StorySource(sender, subject, links),)),))


def channel(*items: Item) -> ET.Element:
    channel_element = ET.fromstring(rss(SHOW, URLS, list(items))).find("channel")
    assert channel_element is not None
    return channel_element


def notes(of: Item) -> html.HtmlElement:
    return html.fromstring(channel(of).findtext(f"item/{CONTENT}encoded") or "")


def test_a_feed_passes_the_lint() -> None:
    assert lint_feed(rss(SHOW, URLS, [item(number=2), item(number=1)]), TOKEN) == []


def test_the_feed_of_an_empty_show_passes_the_lint() -> None:
    assert lint_feed(rss(SHOW, URLS, []), TOKEN) == []
    assert channel().find("item") is None


@pytest.mark.parametrize(
    ("whole", "broken", "fault"),
    [
        ("<itunes:block>Yes</itunes:block>", "", "itunes:block is not Yes"),
        ("<podcast:locked>yes", "<podcast:locked>no", "podcast:locked is not yes"),
        ('length="44707200"', 'length="0"', "the enclosure's type or length is wrong"),
        ('isPermaLink="false"', "", "the guid is missing or a link"),
        (f"/feed/{TOKEN}/{UUID(int=1)}.mp3", "/1.mp3", "the enclosure is not under the same token"),
        ("<language>en</language>", "", "channel lacks language"),
    ],
)
def test_the_lint_finds_planted_mistakes(whole: str, broken: str, fault: str) -> None:
    feed = rss(SHOW, URLS, [item()]).decode()

    assert whole in feed
    assert lint_feed(feed.replace(whole, broken).encode(), TOKEN) == [fault]


def test_an_item_describes_its_audio() -> None:
    [rendered] = channel(item()).findall("item")
    enclosure = rendered.find("enclosure")

    assert enclosure is not None
    assert enclosure.attrib == {
        "url": f"https://app.test/feed/{TOKEN}/{UUID(int=1)}.mp3",
        "length": "44707200",
        "type": "audio/mpeg",
    }
    assert rendered.findtext("guid") == str(UUID(int=1))
    assert rendered.findtext("pubDate") == "Sun, 01 Nov 2026 12:00:00 GMT"
    assert rendered.findtext(ITUNES + "duration") == "3726"


def test_transcript_and_chapters_are_under_the_same_token() -> None:
    [rendered] = channel(item()).findall("item")
    files = [rendered.find(PODCAST + name) for name in ("transcript", "chapters")]

    assert [(file.get("type"), file.get("url")) for file in files if file is not None] == [
        ("text/vtt", f"https://app.test/feed/{TOKEN}/{UUID(int=1)}.vtt"),
        ("application/json+chapters", f"https://app.test/feed/{TOKEN}/{UUID(int=1)}.json"),
    ]


def test_each_item_has_its_own_cover_under_the_same_token() -> None:
    parsed = feedparser.parse(rss(SHOW, URLS, [item(number=2), item(number=1)]))

    assert parsed.feed.image.href == "https://app.test/feed/cover.jpg"
    assert [entry.image.href for entry in parsed.entries] == [
        f"https://app.test/feed/{TOKEN}/{UUID(int=number)}.png" for number in (2, 1)
    ]


@pytest.mark.parametrize("hosts", [1, 2])
def test_the_hosts_are_called_synthetic_voices(hosts: int) -> None:
    people = channel(item(hosts=hosts)).findall(f"item/{PODCAST}person")

    assert len(people) == hosts
    assert {person.get("role") for person in people} == {"host"}
    assert all("synthetic" in (person.text or "") for person in people)


def test_the_token_is_in_urls_only() -> None:
    root = channel(item())
    texts = [element.text or "" for element in root.iter()]
    links = [link.get("rel") for link in root.iter(ATOM + "link") if TOKEN in link.get("href", "")]

    assert not [text for text in texts if TOKEN in text]
    assert links == ["self"]


def test_the_shows_guid_does_not_depend_on_token_or_origin() -> None:
    elsewhere = ET.fromstring(rss(SHOW, FeedUrls("http://127.0.0.1:1", "other"), []))

    assert elsewhere.findtext(f"channel/{PODCAST}guid") == str(podcast_guid(SHOW))
    assert channel().findtext(PODCAST + "guid") == str(podcast_guid(SHOW))
    assert podcast_guid(SHOW).version == 5


def test_show_notes_have_chapters_with_times_and_sources() -> None:
    rendered = notes(item())

    assert rendered.xpath("string(//h3)") == "0:04 Beans"
    assert rendered.xpath("string(//li[1]/strong)") == "The Roast"
    assert "Beans are back" in rendered.text_content()
    assert rendered.xpath("//a/@href") == ["https://roast.test/beans?a=1&b=2"]


def test_of_a_link_that_identifies_the_reader_only_the_text_is_shown() -> None:
    url = "https://u1.ct.sendgrid.net/ls/click?upn=u001.reader"
    source = item_from("A", "B", Link("The harbour report", url), Link(url, url), Link("", url))

    assert [one.text_content() for one in notes(source).xpath("//ul/li/ul/li")] == [
        "The harbour report"
    ]
    assert not [one.text for one in channel(source).iter() if "sendgrid" in (one.text or "")]


def test_the_note_is_in_the_description() -> None:
    rendered = channel(item(note="Shorter than asked: there was no more to tell."))

    assert "no more to tell" in (rendered.findtext("item/description") or "")


def test_hostile_text_of_a_mail_stays_text() -> None:
    hostile = item_from(HOSTILE, HOSTILE, Link(HOSTILE, "https://a.test/"))
    rendered = notes(hostile)

    assert {element.tag for element in rendered.iter()} <= {
        "div",
        "p",
        "h3",
        "ul",
        "li",
        "strong",
        "a",
    }
    assert "<script>alert(1)</script>" in rendered.text_content()


def test_titles_and_descriptions_contain_no_tag_even_if_parsed_as_html() -> None:
    hostile = item_from(HOSTILE, "x")
    [rendered] = channel(hostile, item(HOSTILE, 2)).findall("item")[:1]
    texts = [text for tag in ("title", "description") if (text := rendered.findtext(tag))]
    titled = channel(item(HOSTILE)).findtext("item/title") or ""

    for text in [*texts, titled]:
        assert "<" not in text
        assert list(html.fromstring(f"<div>{text}</div>").iterdescendants()) == []


def test_forbidden_and_bidirectional_characters_are_removed() -> None:
    feed = rss(SHOW, URLS, [item_from(HOSTILE, HOSTILE), item(HOSTILE, 2)]).decode()

    assert not set(feed) & set("\x00\x01\x0b\ufffe\u202e\u2066")


def test_a_title_without_readable_characters_is_replaced() -> None:
    assert channel(item("\x00\u202e")).findtext("item/title") == "Episode"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        " JaVaScript:alert(1)",
        "data:text/html,<script>1</script>",
        "file:///etc/passwd",
        "//a.test",
        "https://",
        "https://a.test/ onclick=x",
        "https://a.test/" + "a" * 5000,
    ],
)
def test_only_links_to_web_pages_are_included(url: str) -> None:
    assert notes(item_from("A", "B", Link("click", url))).xpath("//a") == []


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://[bad", ""),
        ('https://a.test/"><img src=x>', ""),
        ("https://u:p@a.test/", "a.test"),
    ],
)
def test_a_link_without_text_shows_its_host(url: str, shown: str) -> None:
    rendered = notes(item_from("A", "B", Link("", url)))

    assert rendered.xpath("//img") == []
    assert rendered.xpath("string(//a)") == shown


def test_a_long_list_of_newsletters_fits_into_a_description() -> None:
    sources = tuple(StorySource("😀" * 50, str(number), ()) for number in range(100))

    assert lint_feed(rss(SHOW, URLS, [item(stories=(Story("s", 0, 1, sources),))]), TOKEN) == []


def test_a_feed_parser_reads_the_feed() -> None:
    parsed = feedparser.parse(rss(SHOW, URLS, [item(number=2), item(HOSTILE, 1)]))

    assert parsed.bozo == 0
    assert parsed.feed.itunes_block == 1
    assert [entry.id for entry in parsed.entries] == [str(UUID(int=2)), str(UUID(int=1))]
    assert parsed.entries[0].enclosures[0].length == "44707200"
    assert parsed.entries[0].itunes_duration == "3726"
    assert "Beans" in parsed.entries[0].content[0].value
    assert "<script" not in parsed.entries[1].title

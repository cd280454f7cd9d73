"""A listener's whole path through the deployed product, with the generated client only.

They sign in through Supabase, connect Gmail and brew with OpenAI. The API and the worker share only Postgres
and the bucket. A podcast app plays the episode. At the end, nothing of the listener is left anywhere.
"""

from collections.abc import Iterator
from http import HTTPStatus
from time import monotonic, sleep
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import feedparser
import httpx2
import pytest
from audiobrew_client import AuthenticatedClient
from audiobrew_client.api.account import delete_user, get_user
from audiobrew_client.api.feed import create_feed_token
from audiobrew_client.api.gmail import (
    begin_gmail,
    choose_gmail_label,
    connect_gmail,
    disconnect_gmail,
    get_gmail,
    list_gmail_emails,
    list_gmail_labels,
)
from audiobrew_client.api.podcast import (
    brew_podcast,
    get_podcast,
    get_podcast_script,
    quote_podcast,
)
from audiobrew_client.models import (
    BrewRequest,
    FeedTokenRequest,
    GmailCode,
    GmailLabelChoice,
)
from audiobrew_client.types import Response

from tests.journey.episode_log import assert_episode_is_logged
from tests.journey.traces import places_with
from tests.product import SAMPLES
from tests.production import CLIENT_SECRET, KEY, Listener, Production, production

PHRASE = "The lighthouse of Kalvatangen keeps its keeper"
MAIL = f"""\
From: The Roast <hello@roast.example>
To: ada@listener.example
Subject: Of lighthouses
Date: Mon, 23 Nov 2026 07:30:00 +0000
List-Id: The Roast <roast.example>
Content-Type: text/plain; charset=utf-8

{PHRASE}, the coast guard of the county decided on Monday by 14 votes to 3.
"""
FIRST_BYTE_RANGE = {"Range": "bytes=0-0"}


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Production]:
    with production(tmp_path_factory.mktemp("live")) as product:
        assert product.run("migrate").returncode == 0
        product.serve()
        product.start("worker", "--data", str(product.folder / "elsewhere"))
        yield product


def test_a_listener_comes_and_goes_and_leaves_nothing(live: Production) -> None:
    ada, bob = live.sign_up("ada@mail.example"), live.sign_up("bob@mail.example")
    ada.receive(*(sample.read_bytes() for sample in sorted(SAMPLES.glob("*.eml"))), MAIL.encode())
    with client_of(live, ada) as mine, client_of(live, bob) as theirs:
        assert str(ok(get_user.sync_detailed(ada.id, client=mine)).id) == ada.id
        connect(live, ada, mine)
        choose_label(mine)
        episode = brew(mine, order_of_all(mine))
        assert get_podcast.sync_detailed(episode.id, client=theirs).status_code == 404
        feed = listen(live, mine, episode)
        connect(live, bob, theirs)
        secrets = [*secrets_of(live), ada.token, feed.rsplit("/", 2)[1]]
        disconnect(live, mine)
        leave(ada, mine)

        wait_until_no_traces(live, traces_of(ada, episode))
        assert httpx2.get(feed).status_code == HTTPStatus.NOT_FOUND
        assert ok(get_user.sync_detailed(bob.id, client=theirs)).mailbox_connected
    assert_nobody_is_named(live.log.read_text(), [ada, bob], secrets)
    assert_episode_is_logged(live.log.read_text())


def client_of(live: Production, who: Listener) -> AuthenticatedClient:
    return AuthenticatedClient(live.url, who.token, timeout=60)


def connect(live: Production, who: Listener, client: AuthenticatedClient) -> None:
    """Go to Google and back as a browser does, and send the code from the fragment as the app does."""
    start = ok(begin_gmail.sync_detailed(client=client))
    answer = {"account": who.address, "consent": "allow"}
    consent_response = httpx2.get(f"{start.authorization_url}&{urlencode(answer)}")
    callback_response = httpx2.get(consent_response.headers["location"])
    fragment = parse_qs(urlsplit(callback_response.headers["location"]).fragment)
    code = GmailCode(code=fragment["gmail_code"][0], state=fragment["gmail_state"][0])
    assert ok(connect_gmail.sync_detailed(client=client, body=code)).email == who.address


def choose_label(client: AuthenticatedClient) -> None:
    labels = ok(list_gmail_labels.sync_detailed(client=client))
    assert labels.has_audiobrew_label
    choice = GmailLabelChoice(label_id=labels.audiobrew_label.id)
    ok(choose_gmail_label.sync_detailed(client=client, body=choice))


def order_of_all(client: AuthenticatedClient) -> BrewRequest:
    """An order with every newsletter under the label."""
    mails = ok(list_gmail_emails.sync_detailed(client=client))
    assert mails.total == len(mails.emails) > 10  # the old application read only ten
    newsletters = [mail.id for mail in mails.emails if mail.newsletter]
    return BrewRequest(email_ids=newsletters, minutes=3)


def brew(client: AuthenticatedClient, order: BrewRequest) -> Any:
    """Get a quote, order, and follow the brew to its end. Length and cost must be as ordered."""
    quote = ok(quote_podcast.sync_detailed(client=client, body=order))
    order_response = ok(brew_podcast.sync_detailed(client=client, body=order, idempotency_key="a"))
    assert (
        ok(brew_podcast.sync_detailed(client=client, body=order, idempotency_key="a"))
        == order_response
    )
    stages = follow(client, order_response.id)
    episode = ok(get_podcast.sync_detailed(order_response.id, client=client))
    assert episode.status == "ready", episode.trouble
    # Stages may be skipped, but the last one never is.
    assert stages[-1] == "ready" and len(stages) > 2, stages
    assert abs(episode.seconds - 180) <= 18
    assert 0 < episode.bill.cost_usd <= quote.cost_usd * 1.5
    assert PHRASE in str(ok(get_podcast_script.sync_detailed(order_response.id, client=client)))
    return episode


def follow(client: AuthenticatedClient, id: Any) -> list[str]:
    """The names of the stages in the event stream, which the generated client cannot read."""
    path = f"/api/podcast/{id}/events"
    with client.get_httpx_client().stream("GET", path, timeout=120) as stream:
        lines = [line for line in stream.iter_lines() if line.startswith("data:")]
    return [stage for line in lines for stage in STAGES if f'"{stage}"' in line]


STAGES = ("queued", "gathering", "writing", "speaking", "joining", "ready", "failed", "cancelled")


def listen(live: Production, client: AuthenticatedClient, episode: Any) -> str:
    """Request the feed and the audio as a podcast app does: conditional GET, HEAD and Range.

    Returns the feed's address.
    """
    token = ok(create_feed_token.sync_detailed(client=client, body=FeedTokenRequest(name="Phone")))
    assert token.url.startswith(live.url)
    with httpx2.Client(follow_redirects=True) as app:
        first = app.get(token.url).raise_for_status()
        again = app.get(token.url, headers={"If-None-Match": first.headers["etag"]})
        assert again.status_code == HTTPStatus.NOT_MODIFIED
        [item] = feedparser.parse(first.text).entries
        [file] = item.enclosures
        head = app.head(file.href).raise_for_status()
        part = app.get(file.href, headers={"Range": "bytes=0-2"})
        whole = app.get(file.href).raise_for_status()
    assert (part.status_code, part.content) == (HTTPStatus.PARTIAL_CONTENT, b"ID3")
    assert int(head.headers["content-length"]) == int(file.length) == len(whole.content)
    assert urlsplit(str(whole.url)).netloc == urlsplit(live.vendors.supabase.base).netloc
    return str(token.url)


def disconnect(live: Production, client: AuthenticatedClient) -> None:
    tokens = set(live.vendors.google.consent.refresh)
    assert ok(disconnect_gmail.sync_detailed(client=client)).success
    assert not ok(get_gmail.sync_detailed(client=client)).is_connected
    assert len(tokens - set(live.vendors.google.consent.refresh)) == 1


def leave(who: Listener, client: AuthenticatedClient) -> None:
    assert delete_user.sync_detailed(who.id, client=client).status_code == HTTPStatus.ACCEPTED
    assert get_user.sync_detailed(who.id, client=client).status_code == HTTPStatus.UNAUTHORIZED


def wait_until_no_traces(live: Production, traces: list[str]) -> None:
    """Deletions stay recorded for an hour, because they are repeated then. The sweep removes the records."""
    deadline = monotonic() + 180
    while [name for name in places_with(live, traces) if name != "audiobrew.pending_deletions"]:
        assert monotonic() < deadline, places_with(live, traces)
        sleep(1)
    assert live.run("sweep", "--grace", "0").returncode == 0
    while places := places_with(live, traces):
        assert monotonic() < deadline, places
        sleep(1)


def traces_of(who: Listener, episode: Any) -> list[str]:
    return [who.id, who.id.replace("-", ""), who.address, PHRASE, str(episode.id)]


def secrets_of(live: Production) -> list[str]:
    """All keys and tokens so far."""
    consent, supabase = live.vendors.google.consent, live.vendors.supabase
    keys = [KEY, CLIENT_SECRET, supabase.secret_key, supabase.publishable_key, "secret@", "figures"]
    return [*keys, *consent.refresh, *consent.access]


def assert_nobody_is_named(log: str, listeners: list[Listener], secrets: list[str]) -> None:
    names = [name for listener in listeners for name in (listener.id, listener.address)]
    assert "route=/api/podcast/generate" in log or '"/api/podcast/generate"' in log
    assert not [word for word in (*names, *secrets, "Kalvatangen", "ighthouse") if word in log]


def ok(answer: Response[Any]) -> Any:
    assert answer.status_code < 300, answer.content
    return answer.parsed

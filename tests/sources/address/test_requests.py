"""What mails to an own address ask: to confirm, and to decide about a new sender."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from smtplib import SMTPRecipientsRefused
from uuid import uuid4

import httpx2
import pytest
import sqlalchemy as sa
from audiobrew.db.source_tables import confirmations, mail_sources, waiting_senders
from audiobrew.db.tables import deletions, listeners
from audiobrew.lang.language import offered_languages
from audiobrew.mail.limits import Limits
from audiobrew.mail.newsletter import Newsletter
from audiobrew.mail.reader import read_mail
from audiobrew.sources.address.confirmation import find_confirmation, read_phrases

from tests.serving import Service, service_settings, serving
from tests.settings_factory import connect_to_tables
from tests.sources.address.conftest import DOMAIN, Post
from tests.sources.address.worker_request import SECRET, cloudflare
from tests.sources.world import a_letter, a_newsletter, forget_all, problem


def a_request(subject: str, html: str, sender: str = "The Ledger <hello@ledger.example>") -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "news@mail.example", subject
    mail["Date"] = "Mon, 23 Nov 2026 07:30:00 +0000"
    mail["Message-ID"] = f"<{uuid4()}@ledger.example>"
    mail.set_content(html, subtype="html")
    return mail.as_bytes(policy=mail.policy.clone(linesep="\r\n"))


def read(mail: bytes) -> Newsletter:
    return read_mail(mail, limits=Limits())


TOKEN = "https://click.mailer.example/c/9af3?t=x"
REQUESTS = {
    "en": ("Please confirm", "To get The Ledger by email, press the button.", "Confirm my email"),
    "en, a wish": ("One more step", "Verify your subscription to the digest.", "Yes, subscribe me"),
    "de": ("Fast geschafft", "Bitte bestätigen Sie Ihre Anmeldung.", "Anmeldung bestätigen"),
    "fr": ("Plus qu’une étape", "Confirmez votre inscription à la lettre.", "Je confirme"),
    "es": ("Casi listo", "Confirma tu suscripción al boletín.", "Confirmar"),
    "it": ("Ci siamo quasi", "Conferma la tua iscrizione.", "Conferma"),
    "nl": ("Bijna klaar", "Bevestig je aanmelding voor de brief.", "Bevestigen"),
    "pl": ("Jeszcze krok", "Potwierdź zapis na listę.", "Potwierdzam"),
    "ja": ("登録のご確認", "メールアドレスを確認してください。", "登録を確認する"),
    "ru": ("Остался шаг", "Подтвердите подписку на рассылку.", "Подтвердить"),
    "uk": ("Залишився крок", "Підтвердьте підписку на розсилку.", "Підтвердити"),
    "sv": ("Nästan klart", "Bekräfta din prenumeration.", "Bekräfta"),
    "pt": ("Falta um passo", "Confirme a sua inscrição.", "Confirmar"),
    "tr": ("Son adım", "Bülten aboneliğinizi onaylayın.", "Onayla"),
    "zh": ("还差一步", "请确认您的订阅。", "确认"),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_a_request_is_recognized_by_what_its_link_says(name: str) -> None:
    subject, text, link = REQUESTS[name]
    html = (
        f'<p>{text}</p><p><a href="{TOKEN}">{link}</a></p><p>The Ledger, Market Street</p>'
        '<p><a href="https://ledger.example/unsubscribe?confirm=1">Unsubscribe</a></p>'
    )
    confirmation = find_confirmation(read(a_request(subject, html)))

    assert confirmation
    assert (confirmation.kind, confirmation.url) == ("subscription", TOKEN)
    assert confirmation.sender == "The Ledger"


def test_a_request_is_recognized_by_where_its_link_leads() -> None:
    url = "https://ledger.example/subscriptions/double-opt-in/9af3"
    html = f'<p>Please confirm your subscription here:</p><p><a href="{url}">{url}</a></p>'
    confirmation = find_confirmation(read(a_request("Welcome?", html)))

    assert confirmation and confirmation.url == url


STORY = "<p>The council confirmed the new address of the registry on Tuesday.</p>"
NO_REQUESTS = {
    "no link": "<p>Please confirm your subscription.</p>",
    "another link": '<p>Please confirm your subscription.</p><p><a href="https://a.example/x">Home</a></p>',
    "a way out": '<p>Please confirm your subscription.</p><p><a href="https://a.example/unsubscribe/'
    'confirm">Confirm that you unsubscribe</a></p>',
    "no web address": '<p>Confirm your email</p><p><a href="javascript:confirm()">Confirm</a></p>'
    '<p><a href="https://a:b@ledger.example/confirm">Confirm</a></p>',
    "a story": STORY + '<p><a href="https://a.example/story">Read the story</a></p>',
    "an issue": "<p>Confirm your email settings at any time.</p>"
    + "<p>A paragraph about the harbour, its boats and the people on them, in many words.</p>" * 50
    + '<p><a href="https://ledger.example/confirm">Confirm your preferences</a></p>',
}


@pytest.mark.parametrize("name", NO_REQUESTS)
def test_other_mails_are_no_requests(name: str) -> None:
    assert find_confirmation(read(a_request("The Ledger", NO_REQUESTS[name]))) is None


GMAIL = "Gmail Team <forwarding-noreply@google.com>"
GMAIL_LINK = "https://mail-settings.google.com/mail/vf-%5BANGjdJ8%5D-xyz"


def test_gmails_forwarding_is_recognized_in_any_language() -> None:
    subject = "(#718293645) Confirmation du transfert – ada@mail.example"
    html = (
        f'<p>Cliquez : <a href="{GMAIL_LINK}">{GMAIL_LINK}</a></p>'
        f'<p><a href="https://mail-settings.google.com/mail/uf-1">non</a></p>'
    )
    confirmation = find_confirmation(read(a_request(subject, html, GMAIL)))

    assert confirmation
    assert (confirmation.kind, confirmation.url) == ("forwarding", GMAIL_LINK)
    assert (confirmation.code, confirmation.sender) == ("718293645", "Gmail")


def test_a_forged_request_of_gmail_leads_nowhere_else() -> None:
    html = '<p><a href="https://mail.google.com.eve.example/mail/vf-1">confirm</a></p>'
    confirmation = find_confirmation(read(a_request("(#1234567) Gmail", html, GMAIL)))

    assert confirmation and confirmation.url is None


@pytest.mark.parametrize(
    "host",
    ["eve.example\\.substack.com", "eve.example%2Esubstack.com", "eve.example .substack.com"],
)
def test_a_link_whose_host_a_browser_reads_otherwise_is_not_shown(host: str) -> None:
    html = (
        "<p>Please confirm your subscription to The Ledger.</p>"
        f'<p><a href="https://{host}/confirm">Confirm subscription</a></p>'
    )
    assert find_confirmation(read(a_request("Confirm your subscription", html))) is None

    plain = html.replace(host, "bücher.substack.com")
    confirmation = find_confirmation(read(a_request("Confirm your subscription", plain)))
    assert confirmation and confirmation.url == "https://bücher.substack.com/confirm"


def test_every_language_of_orders_has_its_phrases() -> None:
    assert len(read_phrases().languages) == len(offered_languages())


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("requests")
    settings = service_settings(folder, mail_domain=DOMAIN, cloudflare_email_secret=SECRET)
    with serving(settings) as service:
        yield service


@pytest.fixture
def owner(service: Service) -> Iterator[httpx2.Client]:
    with service.client(service.sign_in()) as owner:
        forget_all(owner)
        owner.post("/api/sources/address", json={"name": "News"}).raise_for_status()
        yield owner


def current(owner: httpx2.Client) -> dict[str, object]:
    [source] = owner.get("/api/sources").raise_for_status().json()
    return dict(source)


def deliver(owner: httpx2.Client, mail: bytes) -> None:
    request = cloudflare(str(current(owner)["address"]), mail)
    assert owner.post(**request).raise_for_status().json() == {"result": "stored"}


def newsletters(owner: httpx2.Client) -> list[str]:
    mails = owner.get("/api/mail").raise_for_status().json()
    return sorted(mail["subject"] for mail in mails if mail["newsletter"])


LEDGER = a_request(
    "Confirm your subscription",
    '<p>Please confirm your subscription.</p><p><a href="https://ledger.example/c/1">Confirm</a></p>',
)


def test_a_request_is_shown_and_not_told(service: Service, owner: httpx2.Client) -> None:
    deliver(owner, LEDGER)
    source = current(owner)
    [asked] = source["confirmations"]  # type: ignore[misc]

    assert (asked["kind"], asked["sender"]) == ("subscription", "The Ledger")
    assert (asked["url"], asked["host"]) == ("https://ledger.example/c/1", "ledger.example")
    assert source["mails"] == 0 and newsletters(owner) == []

    path = f"/api/sources/{source['id']}/confirmations/{asked['number']}"
    with service.client(service.sign_in(second=True)) as second:
        assert problem(second.delete(path)) == (404, "confirmation-not-found")
    assert owner.delete(path).status_code == 204
    assert problem(owner.delete(path)) == (404, "confirmation-not-found")
    assert current(owner)["confirmations"] == []


def test_a_known_sender_asks_nothing(owner: httpx2.Client) -> None:
    sender = "The Ledger <hello@ledger.example>"
    deliver(owner, a_request("Issue 1", "<p>The mill opens on Monday, says its owner.</p>", sender))
    deliver(owner, LEDGER)

    assert current(owner)["confirmations"] == []
    assert newsletters(owner) == ["Confirm your subscription", "Issue 1"]


def test_requests_end_after_two_weeks_and_are_limited(
    service: Service, owner: httpx2.Client
) -> None:
    for number in range(23):
        html = f'<p>Confirm your email.</p><p><a href="https://a.example/{number}">Confirm</a></p>'
        deliver(owner, a_request("Hello", html, f"hello@s{number}.example"))
    assert len(current(owner)["confirmations"]) == 20  # type: ignore[arg-type]

    with connect_to_tables(service.settings.data) as database:
        fortnight_ago = datetime.now(UTC) - timedelta(days=14, minutes=1)
        database.execute(sa.update(confirmations).values(created_at=fortnight_ago))
    assert current(owner)["confirmations"] == []
    deliver(owner, LEDGER)
    with connect_to_tables(service.settings.data) as database:
        assert len(database.execute(confirmations.select()).all()) == 1


def test_new_senders_wait_if_the_listener_wants_so(service: Service, owner: httpx2.Client) -> None:
    deliver(owner, a_newsletter(1, "known.example", "Known"))
    path = f"/api/sources/{current(owner)['id']}"
    owner.patch(path, json={"asks_for_senders": True}).raise_for_status()
    deliver(owner, a_newsletter(2, "known.example", "Known"))
    deliver(owner, a_newsletter(3, "roast.example", "The Roast"))
    deliver(owner, a_newsletter(4, "roast.example", "The Roast"))
    deliver(owner, a_letter(5))

    source = current(owner)
    waiting = {one["sender"]: one["number"] for one in source["new_senders"]}  # type: ignore[attr-defined]
    assert list(waiting) == ["The Roast", "Eve"]
    assert newsletters(owner) == ["Bridge 1", "Bridge 2"]

    roast, eve = (f"{path}/senders/{number}" for number in waiting.values())
    with service.client(service.sign_in(second=True)) as second:
        refused = second.post(roast, json={"newsletter": True})
        assert problem(refused) == (404, "sender-not-found")
    assert owner.post(roast, json={"newsletter": True}).status_code == 204
    assert owner.post(eve, json={"newsletter": False}).status_code == 204
    assert problem(owner.post(eve, json={"newsletter": True})) == (404, "sender-not-found")
    deliver(owner, a_newsletter(6, "roast.example", "The Roast"))
    deliver(owner, a_letter(7))

    assert current(owner)["new_senders"] == []
    assert newsletters(owner) == ["Bridge 1", "Bridge 2", "Bridge 3", "Bridge 4", "Bridge 6"]
    assert sorted(rule["kind"] for rule in owner.get("/api/rules").json()) == [
        *("newsletter", "not_newsletter")
    ]


def test_only_an_address_asks_about_senders(owner: httpx2.Client) -> None:
    opml = '<opml><body><outline xmlUrl="http://127.0.0.1:9/feed"/></body></opml>'
    added = owner.post("/api/sources/opml", json={"opml": opml}).raise_for_status().json()["added"]
    refused = owner.patch(f"/api/sources/{added[0]['id']}", json={"asks_for_senders": True})

    assert problem(refused) == (409, "nothing-to-change")


async def test_nothing_stays_of_a_listener_who_is_deleted(post: Post) -> None:
    await post.store.change(post.listener, post.source.id, None, None, {"asks_for_senders": True})
    await post.send(LEDGER)
    await post.send(a_newsletter(1))
    tables = (confirmations, waiting_senders, mail_sources)
    counts = [sa.select(sa.func.count()).select_from(table) for table in tables]
    async with post.engine.begin() as database:
        before = [(await database.execute(count)).scalar_one() for count in counts]
        now = datetime.now(UTC)
        row = {"listener_id": post.listener, "asked_at": now}
        await database.execute(deletions.insert().values(row))
    with pytest.raises(SMTPRecipientsRefused):
        await post.send(a_newsletter(2))
    async with post.engine.begin() as database:
        await database.execute(listeners.delete().where(listeners.c.id == post.listener))
        after = [(await database.execute(count)).scalar_one() for count in counts]

    assert (before, after) == ([1, 1, 1], [0, 0, 0])

"""A sender's name is spoken only if it is a plain name."""

from dataclasses import replace

import pytest
from audiobrew.script.framing import handover, name_with_author
from audiobrew.script.newsletter_name import author_of, spoken_name
from audiobrew.script.script import Speaker

from tests.script.mails import roast


def name_of(sender: str, address: str = "news@letters.roastery.example") -> str:
    return spoken_name(replace(roast(), sender=sender, address=address))


@pytest.mark.parametrize(
    "sender",
    [
        *("The Roast", "Morgenpost Brief", "404 Media", "1440 Daily Digest", "TLDR AI", "WIRED"),
        *(
            "Money Stuff by Matt Levine",
            "Lenny's Newsletter",
            "L'Économie du jour",
            "5-Bullet Friday",
        ),
        *(
            "Süddeutsche Zeitung",
            "El País Última Hora",
            "朝日新聞",
            "Новости дня",
            "The Hustle & Co",
        ),
        *("Ellery Runner", "Why is this interesting", "AT&T Policy", "Il Post"),
    ],
)
def test_a_plain_name_is_unchanged(sender: str) -> None:
    assert name_of(sender) == sender


@pytest.mark.parametrize(
    ("sender", "name"),
    [
        ("Market Brief: win at evil.example, code SAVE", "Market Brief"),
        ("Axios AM: Mike Allen", "Axios AM"),
        ("Money Stuff | Matt Levine", "Money Stuff"),
        ("Platformer (Casey Newton)", "Platformer"),
        ("Morning Brew ☕️", "Morning Brew"),
        ("Yahoo! Finance", "Yahoo"),
        ("Market Brief. Your account was closed. Reply today", "Market Brief"),
        ("The\r\nRoast", "The Roast"),
        ("The\u200b Ro\u202east", "The Roast"),
        ("Dispatch — sponsored", "Dispatch"),
    ],
)
def test_a_tagline_is_removed(sender: str, name: str) -> None:
    assert name_of(sender) == name


@pytest.mark.parametrize(
    "sender",
    [
        *("win at evil.example", "Visit evil.example today", "evil.example", "news@evil.example"),
        *("https://evil.example", "evil dot com", "Besuchen Sie evil punkt de", "www evil"),
        *("Code SAVE20", "SAVE20", "Call 0800 123 4567", "Bank 12 34 56 78", "Konto 12345678"),
        *(
            "Buy gold now",
            "Jetzt Gold kaufen",
            "Achetez de l'or",
            "Compra oro ya",
            "Vinci un premio",
        ),
        *("Koop nu goud", "Ganhe um prêmio", "Verify your password", "Claim your prize"),
        *("The bank has failed and closes tomorrow", "your mayor resigned yesterday over bribes"),
        *(
            "ｅｖｉｌ．ｅｘａｍｐｌｅ",
            "ev\u200bil.exa\u200bmple",
            "B\u200buy gold",
            ": : :",
            "☕☕",
            "",
            "12",
        ),
        "x" * 500 + ".example",
        " ".join(["Word"] * 9),
    ],
)
def test_the_domain_replaces_an_address_a_code_or_a_call_to_action(sender: str) -> None:
    name = name_of(sender)

    assert name == "roastery"
    assert handover(name, "en", Speaker.FIRST, 0).text == "Next, roastery."


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("a@roast.co.uk", "roast"),
        ("a@news.roast.example", "roast"),
        ("a@the-roast.example", "the roast"),
        ("a@mail.roast.org", "roast"),
        ("a@buy-gold-now.example", "Newsletter"),
        ("a@save20.example", "Newsletter"),
        ("a@" + "x" * 60 + ".example", "Newsletter"),
        ("a@localhost", "Newsletter"),
        ("", "Newsletter"),
    ],
)
def test_a_domain_that_is_no_name_is_replaced_too(address: str, name: str) -> None:
    assert name_of("buy at evil.example", address) == name


def test_the_domain_of_the_address() -> None:
    newsletter = replace(roast(), address="News@Mail.Roast.example")
    assert newsletter.sender_domain == "mail.roast.example"
    assert replace(roast(), address="").sender_domain == ""


@pytest.mark.parametrize(
    ("sender", "name"),
    [
        ("Estuary Bulletin via bulletin", "Estuary Bulletin"),
        ("The Night Foreman on LinkedIn", "The Night Foreman"),
        ("Mara Ilves from Slow Letters", "Mara Ilves from Slow Letters"),
        ("On Medium Heat", "On Medium Heat"),
    ],
)
def test_the_sending_platform_is_not_spoken(sender: str, name: str) -> None:
    assert name_of(sender) == name


def test_a_name_in_lower_case_is_spoken_if_the_domain_has_its_words() -> None:
    name = "Lettres de la halle du marché"

    assert name_of(name, "bonjour@halledumarche.example") == name


@pytest.mark.parametrize(
    ("sender", "address"),
    [
        ("Margin Call Café", "desk@margincallcafe.example"),
        ("The Click Letter", "hello@clickletter.example"),
        ("Cuaderno de Bitácora", "hola@bitacora.example"),
        ("Courrier du Large", "bonjour@large.example"),
        ("Letters from the Orchard", "orchard@orchard.example"),
        ("Briefe aus dem Moorland", "post@moorland.example"),
    ],
)
def test_words_that_the_address_has_belong_to_the_name(sender: str, address: str) -> None:
    assert name_of(sender, address) == sender


def test_an_author_before_a_newsletter_has_two_names() -> None:
    assert name_of("Ada Brook de Largo Recorrido", "a@largorecorrido.example") == "Largo Recorrido"


def test_the_author_is_named_with_what_the_author_tells_as_i() -> None:
    letter = replace(
        roast(), sender="Ada Brook from Slow Harbour", address="ada@slowharbour.example"
    )

    assert author_of(letter) == "Ada Brook"
    assert author_of(replace(letter, sender="Slow Harbour")) == ""
    assert name_with_author("Slow Harbour", "Ada Brook", "en") == "Slow Harbour by Ada Brook"
    assert name_with_author("Slow Harbour", "Ada Brook", "vi") == "Slow Harbour"
    assert name_with_author("Slow Harbour", "", "en") == "Slow Harbour"

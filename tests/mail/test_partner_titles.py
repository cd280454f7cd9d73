"""Below a title that presents the sender's own partner is an advertisement, also without a link."""

import pytest
from audiobrew.mail.newsletter import Cut

from tests.mail.mails import html, read

STORY = "The council voted on Tuesday to bring back the evening ferry between Harnham and Fordwick from May."
COPY = ("Brightwell makes wool mattresses by hand.", "Each is filled with fleece of three farms.")
PAGE = (
    f"<h2>The ferry returns</h2><p>{STORY}</p><p>{STORY} Again.</p>{{}}"
    f"<h2>A bakery for sale</h2><p>{STORY} Too.</p><p>{STORY} At last.</p>"
)
TITLES = [
    "Thanks to our partner Brightwell",
    "Thanks to our partner, Brightwell",
    "Meet our partner: Brightwell",
    "Introducing our sponsor",
    "Supporter message",
    "A message from our supporters",
    "In partnership with Brightwell",
    "Supported by Brightwell",
    "Dank an unseren Partner Brightwell",
    "Wir danken unserem Partner Brightwell",
    "Unser Partner Brightwell stellt sich vor",
    "In Zusammenarbeit mit Brightwell",
    "Partnerbotschaft",
    "Merci à notre partenaire Brightwell",
    "Découvrez notre partenaire Brightwell",
    "En partenariat avec Brightwell",
    "Gracias a nuestro socio Brightwell",
    "Conoce a nuestro socio Brightwell",
    "Con el apoyo de Brightwell",
    "Grazie al nostro partner Brightwell",
    "Vi presentiamo il nostro partner Brightwell",
    "Met dank aan onze partner Brightwell",
    "Maak kennis met onze partner Brightwell",
    "Conheça o nosso parceiro Brightwell",
    "Tack till vår partner Brightwell",
    "Tak til vores partner Brightwell",
    "Takk til vår partner Brightwell",
    "Poznaj naszego partnera Brightwell",
]
STORIES = {
    "Thanks to our readers": "Joan Pellew of Fordwick found the missing bell in her garden.",
    "Thanks to Joan Pellew": "Joan Pellew of Fordwick found the missing bell in her garden.",
    "Thanks to our supporters": "The village hall has a new roof after 400 people gave money.",
    "Meet our new editor": "Lena Holt joins from the Ledger on 1 June.",
    "Our partners in crime": "Two magpies stole a ring from the town hall on Monday.",
    "In partnership with the sea": "Oyster farmers have planted 40,000 shells since May.",
    "Our partner": "The village of Kirkholm has been twinned with us since 1974, and visits in June.",
    "Our partner Kenya": "Kenya and the county share a programme for young nurses since the spring.",
    "Unser Partner": "Die Stadt Nordhafen hat uns zwölf Räder für den Sommer geliehen.",
    "Nasz partner": "Miasto Dolsk pożyczyło nam dwanaście rowerów na lato.",
    "Supported by Norway": "Norway has paid for the new lighthouse since Tuesday, when the treaty began.",
    "In Zusammenarbeit mit Polen": "Polen und das Land bauen ab Montag eine Brücke über die Oder.",
    "In partnership with Norway": "The ministers signed for a cable of 240 kilometres on Monday.",
}


@pytest.mark.parametrize("tag", ["h3", "b"])
def test_the_text_below_is_cut_with_its_title_and_nothing_else(tag: str) -> None:
    pages = {
        title: read(html(PAGE.format(f"<{tag}>{title}</{tag}><p>{COPY[0]}</p><p>{COPY[1]}</p>")))
        for title in TITLES
    }
    cuts = {
        title: [block.text for block in mail.blocks if block.cut is Cut.SPONSOR]
        for title, mail in pages.items()
    }

    assert {title: cut for title, cut in cuts.items() if cut != [title, *COPY]} == {}


@pytest.mark.parametrize("tag", ["h2", "h3", "b"])
def test_thanks_to_others_are_told(tag: str) -> None:
    pages = {
        title: read(html(PAGE.format(f"<{tag}>{title}</{tag}><p>{text}</p>")))
        for title, text in STORIES.items()
    }

    assert [title for title, mail in pages.items() if any(one.cut for one in mail.blocks)] == []


@pytest.mark.parametrize(
    ("text", "is_cut"),
    [
        ("Thanks to our partner Brightwell. It makes wool mattresses by hand in a mill.", True),
        ("Supporter message: Brightwell makes wool mattresses by hand in a mill.", True),
        ("Thanks to our reader Joan Pellew. She found the bell in her garden.", False),
        ("Thanks to our volunteers. The village hall has a new roof.", False),
    ],
)
def test_a_paragraph_may_begin_with_its_title(text: str, is_cut: bool) -> None:
    cuts = [block.text for block in read(html(PAGE.format(f"<p>{text}</p>"))).blocks if block.cut]

    assert cuts == [text] * is_cut


def test_the_first_paragraph_of_a_letter_is_not_the_partner_s() -> None:
    title = "<p><b>Thanks to our partner Brightwell</b></p>"
    mail = read(
        html(f"{title}<p>Good morning. It rained all night in Harnham.</p>{PAGE.format('')}")
    )

    assert "Good morning. It rained all night in Harnham." in [b.text for b in mail.uncut_blocks]

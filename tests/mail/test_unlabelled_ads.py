"""Advertisements without a label are found by what the other sections of their mail do not do."""

import pytest
from audiobrew.mail.newsletter import Cut

from tests.mail.mails import html, read

STORIES = (
    "<h2>Pier</h2><p>The council voted on Tuesday to rebuild the north pier after two winters of storms."
    " Work begins in spring.</p>"
    "<h2>Ferry</h2><p>The ferry to the island runs four times a day from May, and twice on Sundays."
    " Bicycles travel free.</p>"
    "<h2>School</h2><p>Sixty-one children are enrolled, so the school opens a fourth class in"
    " September. Its teacher comes from the island.</p>"
)
TITLE = "Shoes for people who stand"
AD = (
    f"<h2>{TITLE}</h2><p>You stand all day, and your feet tell you at night. The soles of Corvex take the"
    " shape of your foot. Wear them for thirty days, and send them back free if you want your pain back.</p>"
)
BUTTON = '<p><a href="{url}" style="padding:9px;background:#234">{text}</a></p>'
SHOP = BUTTON.format(url="https://corvex.example/s?utm_source=brook", text="Spare my feet")
LAST = "<h2>Weather</h2><p>Rain is expected from Thursday, with gales on the coast and snow inland.</p>"


def cut_of(page: str, text: str) -> Cut | None:
    newsletter = read(html(page))
    return next(block.cut for block in newsletter.blocks if text in block.text)


def test_an_ad_with_a_button_is_cut_with_its_title():
    page = STORIES + AD + SHOP + LAST

    assert cut_of(page, TITLE) is Cut.SPONSOR
    assert cut_of(page, "The soles of Corvex") is Cut.SPONSOR
    assert cut_of(page, "Rain is expected") is None


def test_its_short_print_is_cut_with_it():
    terms = '<p style="font-size:10px">One pair for each foot. Not in Norway.</p>'

    assert cut_of(STORIES + AD + SHOP + terms + LAST, "Not in Norway") is Cut.SPONSOR


@pytest.mark.parametrize(
    "link", ["", BUTTON.format(url="https://corvex.example/s", text="Read more")]
)
def test_a_review_without_a_sign_of_a_sale_is_told(link: str):
    review = (
        f"<h2>{TITLE}</h2><p>You stand all day, and your feet tell you at night. We wore the soles of Corvex"
        " for a month. They cost £40, and yours will need a week to take your shape.</p>"
    )

    assert cut_of(STORIES + review + link + LAST, "soles of Corvex") is None


def test_services_of_a_sender_whose_sections_all_address_readers_are_told():
    services = "".join(
        f"<h2>{title}</h2><p>Your {title.lower()} is ready, and you can order it for your door. You pay"
        f" nothing until June.</p>{BUTTON.format(url=f'https://town.example/{title}', text='Order')}"
        for title in ("Bin", "Badge", "Permit", "Card")
    )

    assert cut_of(services + LAST, "Your permit") is None


def test_the_lead_is_never_cut_without_a_label():
    assert cut_of(AD + SHOP + STORIES + LAST, TITLE) is None

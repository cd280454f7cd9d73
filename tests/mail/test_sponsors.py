"""Paid words are cut with all they fill, and no story with them."""

import pytest
from audiobrew.mail.newsletter import Cut

from tests.mail.mails import html, mail, read

STORY = (
    "The town of Arden opened its new bridge on Monday, two years after the old one was closed,"
    " and several hundred people walked across it in the rain to see the other side again."
)
AD = "Pillowmint makes a mattress that remembers your Sundays. Try it for a hundred nights."
NEXT = f"<h2>The mill</h2><p>{STORY}</p>"
PAGE = f"<h2>The bridge</h2><p>{STORY}</p><p>{STORY} Again.</p>{{}}{NEXT}<p>{STORY} At last.</p>"

LABELS = [
    "Sponsored",
    "Sponsored by Pillowmint",
    "Today’s sponsor",
    "Our sponsor",
    "ADVERTISEMENT",
    "— Ad —",
    "Together with Pillowmint",
    "In partnership with Pillowmint",
    "Partner content",
    "Brought to you by Pillowmint",
    "A message from our sponsor",
    "A word from Pillowmint",
    "Presented by Pillowmint",
    "Paid partnership",
    "This issue is sponsored by Pillowmint",
    "From our partners",
    "Thanks to our sponsor",
    "Anzeige",
    "Werbung",
    "Gesponsert von Pillowmint",
    "In Zusammenarbeit mit Pillowmint",
    "Präsentiert von Pillowmint",
    "Publicité",
    "Sponsorisé par Pillowmint",
    "En partenariat avec Pillowmint",
    "Contenu sponsorisé",
    "Publicidad",
    "Patrocinado por Pillowmint",
    "Contenido patrocinado",
    "En colaboración con Pillowmint",
    "Pubblicità",
    "Sponsorizzato da Pillowmint",
    "In collaborazione con Pillowmint",
    "Contenuto sponsorizzato",
    "Publicidade",
    "Oferecido por Pillowmint",
    "Em parceria com Pillowmint",
    "Conteúdo patrocinado",
    "Advertentie",
    "Gesponsord door Pillowmint",
    "In samenwerking met Pillowmint",
]


def sponsored_texts(raw: bytes) -> list[str]:
    return [block.text for block in read(raw).blocks if block.cut is Cut.SPONSOR]


def uncut_texts(raw: bytes) -> list[str]:
    return [block.text for block in read(raw).uncut_blocks]


@pytest.mark.parametrize("label", LABELS)
def test_a_labelled_section_is_cut_up_to_the_next_heading(label):
    raw = html(PAGE.format(f"<hr><p>{label}</p><p>{AD}</p>"))

    assert sponsored_texts(raw) == [label, AD]
    assert "The mill" in uncut_texts(raw)


ORNAMENTS = [
    "◆{}◆", "{}◆", "✦ {} ✦", "─── {} ───", "─── [{}] ─", "≪{}≫", "〔{}〕", "◇◆{}◆◇", "※{}",
    "⭐ {} ⭐", "┏ {} ┓", "◎{}", "▶{}", "❤️ {} ❤️", "✱ {} ✱", "『{}』", "［{}］",
    "＊{}＊", "＝＝{}＝＝", "＃{}", "・{}・",
]  # fmt: skip


@pytest.mark.parametrize("ornament", ORNAMENTS)
@pytest.mark.parametrize("words", ["Anzeige", "Sponsored"])
@pytest.mark.parametrize("section", ["<p>{}</p>", "<h3>{}</h3>", "<p>{}</p><h3>Sleep well</h3>"])
def test_ornaments_around_a_label_change_nothing(words: str, ornament: str, section: str) -> None:
    raw = html(PAGE.format(section.format(ornament.format(words)) + f"<p>{AD}</p>"))

    cut = sponsored_texts(raw)

    assert AD in cut and not [text for text in cut if STORY in text]
    assert ornament.format(words) in cut


@pytest.mark.parametrize("ornament", ORNAMENTS)
@pytest.mark.parametrize("words", ["PR", "広告"])
def test_ornaments_around_a_japanese_label_change_nothing(words: str, ornament: str) -> None:
    story = "<p>七年前に閉校した小学校のプールに、いま四千匹のアユが泳いでいます。</p>"
    copy = "山辺屋の峠の栗めしは、冷めてもおいしい駅弁です。"
    label = ornament.format(words)
    before = f"<h2>アユの夏</h2>{story}{story}"

    assert sponsored_texts(html(f"{before}<p>{label}</p><p>{copy}</p>{before}")) == [label, copy]


@pytest.mark.parametrize(
    "start", ["Ad◆", "◆Anzeige◆ ", "✦ Ad ✦ ", "==Ad== ", "≪Ad≫", "★Sponsored★"]
)
def test_ornaments_separate_a_label_from_its_copy(start: str) -> None:
    raw = html(PAGE.format(f"<p>{start}{AD}</p><p>{STORY} Right after.</p>"))

    assert sponsored_texts(raw) == [f"{start}{AD}"]


@pytest.mark.parametrize(
    "text",
    [
        "★ Ad Astra leaves the port",
        "Anzeigen-Umsätze sinken in Bremen",
        "Ad? ★ A joke of the mayor",
    ],
)
def test_an_ornament_beside_a_word_of_labels_is_no_label(text: str) -> None:
    raw = html(PAGE.format(f"<p>{text}</p><p>{STORY} Right after.</p>"))

    assert sponsored_texts(raw) == []


def test_an_early_offer_between_rules_is_cut_with_its_title() -> None:
    offer = "The chestnut box of Pillowmint has free delivery. Order now: pillowmint.example"
    page = f"<p>Good morning.</p><hr><p>─── [Ad] ─</p><h3>Cold and good</h3><p>{offer}</p><hr>{{}}"

    assert sponsored_texts(html(page.format(PAGE.format("")))) == [
        "─── [Ad] ─", "Cold and good", offer,
    ]  # fmt: skip


@pytest.mark.parametrize("label", LABELS[:12])
def test_a_heading_may_be_the_label(label):
    raw = html(PAGE.format(f"<h2>{label}</h2><h3>Sleep well</h3><p>{AD}</p><p>More of it.</p>"))

    assert sponsored_texts(raw) == [label, "Sleep well", AD, "More of it."]


def test_a_box_that_begins_with_a_label_is_cut_whole():
    raw = html(
        PAGE.format(
            f"<table><tr><td>Together with Pillowmint</td></tr><tr><td><h3>Sleep</h3><p>{AD}</p>"
            f"<h3>Well</h3><p>{AD}</p></td></tr></table><p>{STORY} Between.</p>"
        )
    )

    assert len(sponsored_texts(raw)) == 5
    assert f"{STORY} Between." in uncut_texts(raw)


def test_a_labelled_section_ends_at_a_horizontal_rule():
    raw = html(PAGE.format(f"<p>Sponsored</p><p>{AD}</p><hr><p>{STORY} After the line.</p>"))

    assert sponsored_texts(raw) == ["Sponsored", AD]
    assert f"{STORY} After the line." in uncut_texts(raw)


def test_a_sponsor_named_under_the_title_does_not_cut_the_news():
    raw = html(f"<p>Presented by Pillowmint</p><p>{STORY}</p>{NEXT}")

    assert sponsored_texts(raw) == ["Presented by Pillowmint"]


@pytest.mark.parametrize(
    "words",
    [
        f"Presented by Pillowmint Beds. {AD}",
        f"This issue is brought to you by Pillowmint. {AD}",
        "Many thanks to Pillowmint for sponsoring this letter.",
        "Diese Ausgabe wird präsentiert von Pillowmint, der Matratze für Sonntage.",
        "Want to advertise in this newsletter? Write to us.",
    ],
)
def test_a_paragraph_with_a_disclosure_is_cut_alone(words):
    raw = html(PAGE.format(f"<p>{words}</p><p>{STORY} Right after.</p>"))

    assert sponsored_texts(raw) == [words]


def test_an_item_marked_as_paid_is_cut_alone():
    raw = html(PAGE.format(f"<ul><li>One story.</li><li>{AD} (Sponsored)</li><li>Two.</li></ul>"))

    assert sponsored_texts(raw) == [f"{AD} (Sponsored)"]


def test_sponsored_plain_text_is_cut():
    raw = mail(
        f"THE BRIDGE\n\n{STORY}\n\n-----\n\nSponsored by Pillowmint\n\n{AD}\n\n-----\n\n{STORY} Two."
    )

    assert sponsored_texts(raw) == ["Sponsored by Pillowmint", AD]


def test_without_a_heading_or_rule_only_one_paragraph_after_a_label_is_cut():
    raw = html(f"<p>{STORY}</p><p>Advertisement</p><p>{AD}</p>" + f"<p>{STORY}</p>" * 20)

    assert sponsored_texts(raw) == ["Advertisement", AD]


@pytest.mark.parametrize(
    ("words", "cut"),
    [
        (
            "🛡️ Today’s brief is supported by Lockwell, helping bargees through the jungle of permits.",
            Cut.SPONSOR,
        ),
        (
            "This morning's letter is brought to you by Tern & Co, makers of ropes since 1902.",
            Cut.SPONSOR,
        ),
        ("Today's motion was supported by Labour, who had opposed it in May.", None),
    ],
)
def test_a_sponsor_may_be_described_behind_a_comma(words, cut):
    story = f"<p>{STORY}</p>"
    blocks = read(html(f"{story * 3}<p>{words}</p>{story * 3}")).blocks

    assert next(block.cut for block in blocks if block.text == words) is cut


NOTICES = [
    "My new book is out now: twelve dollars, signed, with the code RAIN10.",
    "Pillowmint gives readers 20% off with code SLEEP20 until Sunday. Terms apply.",
    "Win a pillow! Enter the prize draw by Friday. No purchase necessary.",
    "Unser Buchtipp aus dem Shop: 24,90 Euro, versandkostenfrei für Abonnenten.",
    "Le coffret : 34 € au lieu de 42 €, livraison offerte, dans la limite des stocks disponibles.",
    "Some of the links in this letter are affiliate links.",
    "Thanks to Pillowmint: half price with the code SLEEP.",
]


@pytest.mark.parametrize("notice", NOTICES)
def test_an_offer_without_a_label_is_cut_alone(notice):
    raw = html(PAGE.format(f"<p>{notice}</p><p>{STORY} Right after.</p>"))

    assert sponsored_texts(raw) == [notice]


@pytest.mark.parametrize(
    "line",
    [
        "Tickets for the concert are 12 dollars, and children are free.",
        "The shop gave readers of the old paper a free umbrella in 1954.",
        "My grandmother's book about the mill cost four shillings.",
        "Half of the seats were sold with a code that nobody had, the theatre said.",
        "Saturday: walk to the mill, 5 euros, free for members.",
        "Thanks to Jan for the code review; see the code guidelines, and register for free.",
    ],
)
def test_a_story_with_one_sign_of_an_offer_is_read_aloud(line):
    raw = html(PAGE.format(f"<p>{line}</p><p>{STORY} Right after.</p>"))

    assert sponsored_texts(raw) == []


def test_a_mail_full_of_offers_is_about_them():
    offers = "".join(
        f"<h2>Lamp {number}</h2><p>Lamp {number}: 20% off with code LAMP{number}. Terms apply.</p>"
        for number in range(8)
    )

    assert sponsored_texts(html(f"<p>{STORY}</p>{offers}")) == []


def test_the_text_of_a_picture_may_be_the_label():
    picture = "<p><img src='https://e.example/ad.png' alt='ADVERTISEMENT' width='560'></p>"
    raw = html(PAGE.format(f"{picture}<p>{AD}</p>"))

    assert sponsored_texts(raw) == [AD]


def test_a_label_below_its_copy_does_not_cut_the_story_after_it():
    copy = f"<p>{AD} Order now. <a href='https://p.example'>Pillows</a></p>"
    raw = html(PAGE.format(f"{copy}<p style='font-size:10px'>Advertisement</p>"))

    assert sponsored_texts(raw) == [f"{AD} Order now. Pillows", "Advertisement"]


COPY = "Norvik makes ledgers for small firms, and the accounts close themselves on Friday evening."
SHOP = f"{COPY} Look at norvik.example."
LEAD = f"<h2>The bridge opens</h2><p>{STORY}</p><p>{STORY} Again.</p>"
NEXT_LEAD = f"<h2>Bakers strike</h2><p>{STORY} Today.</p>"


@pytest.mark.parametrize(
    "page",
    [
        f"{LEAD}<p>{COPY}</p><p>(Sponsored)</p>{NEXT_LEAD}",
        f"{LEAD}<p>{COPY}</p><p>[Advertisement]</p><hr><p>{STORY} Today.</p>",
        f"{LEAD}<hr><p>{COPY}</p><p>(Anzeige)</p><hr>{NEXT_LEAD}",
        f"{LEAD}{NEXT_LEAD}<p>{COPY}</p><p>(publicité)</p>",
        f"<p>{STORY}</p><p>{STORY} Again.</p><p>{SHOP}</p><p>(Sponsored)</p><p>{STORY} Today.</p>",
        f"{LEAD}<p>{SHOP}</p><p>Anzeige</p>{NEXT_LEAD}",
        f"{LEAD}<p>{COPY} Order now for £20.</p><p>Advertisement</p>{NEXT_LEAD}",
    ],
)
def test_a_label_below_a_plain_paragraph_cuts_it(page: str) -> None:
    cut = sponsored_texts(html(page))

    assert len(cut) == 2 and cut[0].startswith(COPY)


@pytest.mark.parametrize(
    "page",
    [
        # The lead of a story, a label above a headline, above a picture, above its own copy, and a quotation.
        f"{LEAD}<h2>Bread</h2><p>{COPY}</p><p>(Sponsored)</p>{NEXT_LEAD}",
        f"{LEAD}<p>{COPY}</p><p>Anzeige</p>{NEXT_LEAD}",
        f"{LEAD}<p>{COPY}</p><p>(Anzeige)</p><p><img src='https://a.example/x' width='500'></p>{NEXT_LEAD}",
        f"{LEAD}<p>{COPY}</p><p>(Sponsored)</p><p>{SHOP.replace('Norvik', 'Quill')}</p>{NEXT_LEAD}",
        f"{LEAD}<p>“{COPY}”</p><p>(Sponsored)</p>{NEXT_LEAD}",
        f"<p>{COPY}</p><p>(Sponsored)</p>{NEXT_LEAD}",
    ],
)
def test_a_label_below_a_story_does_not_cut_it(page: str) -> None:
    assert not [text for text in sponsored_texts(html(page)) if COPY in text]


def test_a_label_in_brackets_begins_its_copy():
    raw = html(PAGE.format(f"<p>[AD] {AD}</p><p>{STORY} Right after.</p>"))

    assert sponsored_texts(raw) == [f"[AD] {AD}"]


def test_a_note_with_an_asterisk_cuts_what_an_asterisk_marks():
    offer = "Sleep on it: cool sheets, 25% off this week only. Shop the sale.*"
    note = "*A message from our sponsor."
    page = PAGE.format(f"<p>{offer}</p>") + f"<p>Written by Priya Oduya.</p><p>{note}</p>"

    cut = sponsored_texts(html(page))

    assert offer in cut and note in cut
    assert not [text for text in cut if STORY in text]


def test_a_list_of_events_is_told_above_a_note_about_who_pays():
    events = [
        "14 June, 9 a.m.: a day at the sea for children.",
        "21 June, 6.30 p.m.: volunteers meet, and see a film.",
    ]
    items = "".join(f"<li>{event}</li>" for event in events)
    below = "<p><a href='https://a.example/give'>Donate</a></p><p>Our work is paid for by Pillowmint.</p>"
    page = PAGE.format(f"<h2>Dates</h2><ul>{items}</ul>{below}")

    assert set(events) <= set(uncut_texts(html(page)))


def test_the_words_before_the_first_story_are_told_below_a_label_that_is_a_heading():
    opening = "The clocks went back nine days ago, and the council argued about them all afternoon."
    page = (
        f"<h2>Evening brief</h2><h3>Brought to you by Arden Builders for Quiet Lanes</h3>"
        f"<p>Good evening.</p><p>{opening}</p><hr><h3>The pier opens</h3><p>{STORY}</p>{NEXT}"
    )
    cuts = {block.text: block.cut for block in read(html(page)).blocks}

    assert cuts[opening] is None

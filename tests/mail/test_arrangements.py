"""What a sender arranges with its readers, small ads and mastheads are recognized in every language."""

import pytest
from audiobrew.mail.cuts.mail_context import MailContext, has_phrase
from audiobrew.mail.cuts.phrases import PhraseBook
from audiobrew.mail.newsletter import Cut

from tests.mail.mails import html, read
from tests.mail.test_boilerplate import link
from tests.mail.test_stories_about_offers import PLAIN

# For each language: two arrangements, and a small ad.
LINES = {
    "ar": (
        "المكتب مغلق يوم الخميس.",
        "آخر موعد لإرسال النصوص هو الأحد.",
        "للبيع: دراجة بحالة جيدة.",
    ),
    "cs": ("Kancelář bude v pátek zavřená.", "Omlouváme se, psali jsme jiný rok.", "Prodám kolo."),
    "da": ("Kontoret holder lukket fredag.", "Vi søger flere frivillige.", "Sælges: en cykel."),
    "de": (
        "Das Büro bleibt am Freitag geschlossen.",
        "Redaktionsschluss ist Montag.",
        "Verkaufe Rad.",
    ),
    "el": (
        "Το γραφείο μένει κλειστό την Τρίτη.",
        "Ζητάμε συγγνώμη για το λάθος.",
        "Πωλείται ποδήλατο.",
    ),
    "en": (
        "The office is closed on Friday.",
        "In the last issue we moved the mill: our apologies.",
        "For sale: a bicycle.",
    ),
    "es": (
        "La biblioteca cierra el viernes.",
        "Buscamos voluntarios para la feria.",
        "Vendo bicicleta.",
    ),
    "fi": (
        "Toimisto on suljettu perjantaina.",
        "Jäsenmaksu erääntyy maaliskuussa.",
        "Myydään: pyörä.",
    ),
    "fr": (
        "Le bureau sera fermé vendredi.",
        "Nous cherchons des bénévoles.",
        "À vendre : un vélo.",
    ),
    "he": ("המשרד סגור ביום שישי.", "אנחנו מתנצלים על הטעות.", "למכירה: אופניים."),
    "hi": ("कार्यालय शुक्रवार को बंद रहेगा।", "पिछले अंक में एक भूल थी।", "बिकाऊ: एक साइकिल।"),
    "hu": ("Az iroda pénteken zárva tart.", "Önkénteseket keresünk.", "Eladó: egy kerékpár."),
    "id": ("Kantor tutup pada hari Jumat.", "Kami mencari relawan.", "Dijual: sepeda."),
    "it": ("La segreteria resta chiusa venerdì.", "Cerchiamo volontari.", "Vendo bicicletta."),
    "ja": ("事務所は金曜日に休業します。", "前号の記事に誤りがありました。", "売ります：自転車。"),
    "ko": ("사무실은 금요일에 쉽니다.", "자원봉사자를 모집합니다.", "팝니다: 자전거."),
    "nb": ("Kontoret er stengt fredag.", "Vi trenger flere frivillige.", "Til salgs: en sykkel."),
    "nl": (
        "Het kantoor is vrijdag gesloten.",
        "Wij zoeken nog vrijwilligers.",
        "Te koop: een fiets.",
    ),
    "pl": ("Biuro będzie w piątek nieczynne.", "Szukamy wolontariuszy.", "Sprzedam rower."),
    "pt": ("A secretaria fecha na sexta-feira.", "Procuramos voluntários.", "Vende-se bicicleta."),
    "ro": ("Biroul este închis vineri.", "Căutăm voluntari.", "De vânzare: o bicicletă."),
    "ru": ("Офис в пятницу закрыт.", "Ищем волонтёров.", "Продам велосипед."),
    "sv": ("Kontoret har stängt på fredag.", "Vi söker fler frivilliga.", "Säljes: en cykel."),
    "tr": ("Ofis cuma günü kapalı.", "Gönüllüler arıyoruz.", "Satılık: bisiklet."),
    "uk": ("Офіс у п’ятницю зачинений.", "Шукаємо волонтерів.", "Продам велосипед."),
    "vi": ("Văn phòng đóng cửa thứ Sáu.", "Chúng tôi cần tình nguyện viên.", "Cần bán: xe đạp."),
    "zh": ("办公室周五休息。", "招募志愿者。", "出售：自行车。"),
}
FOOTER = f"<p style='font-size:11px'>{link('Unsubscribe')}</p>"
STORIES = "".join(f"<h2>{name}</h2><p>{PLAIN['en']} {name}.</p>" for name in ("Brook", "Arden"))
SENDER = "From: The Corve Letter <ada@corve.example>\r\n"


def first_cut(line: str) -> Cut | None:
    raw = html(line + STORIES + FOOTER).replace(
        b"From: Ada Brook <ada@example.com>\r\n", SENDER.encode()
    )
    return read(raw).blocks[0].cut


@pytest.mark.parametrize("language", LINES)
def test_arrangements_and_small_ads_are_known_in_every_language(language: str) -> None:
    mail = MailContext(phrases=PhraseBook([language]))
    *arrangements, small_ad = LINES[language]

    assert [text for text in arrangements if not has_phrase(mail, "arrangements", text)] == []
    assert has_phrase(mail, "small_ads", small_ad)
    assert not has_phrase(mail, "small_ads", arrangements[0])


@pytest.mark.parametrize("language", PLAIN)
def test_a_story_is_no_small_ad(language: str) -> None:
    mail = MailContext(phrases=PhraseBook([language]))

    assert not has_phrase(mail, "small_ads", PLAIN[language])


@pytest.mark.parametrize(
    "line",
    [
        "<h1>CORVE LETTER / ISSUE 140</h1>",
        "<h1>The Corve Letter, November 2026</h1>",
        "<h2>Corve Letter – n° 37</h2>",
        "<h2>N° 37 – novembre 2026</h2>",
        "<p>News from the Corve Letter · November 2026</p>",
    ],
)
def test_a_masthead_with_the_issue_is_cut(line: str) -> None:
    assert first_cut(line) is Cut.NAVIGATION


@pytest.mark.parametrize(
    "line",
    [
        "<h1>The harbour in numbers, November 2026</h1>",
        "<h1>Why issue 140 of the county bill matters</h1>",
        "<h1>Corve, November 1926</h1>",
        "<h1>Kill Bill – vol. 2</h1>",
        "<h1>Number 10 – a house and its cats</h1>",
    ],
)
def test_a_title_with_a_number_or_a_month_is_told(line: str) -> None:
    assert first_cut(line) is None


@pytest.mark.parametrize("label", ["ANZEIGE.", "PUBLICITÉ.", "WERBUNG.", "ADVERTISEMENT."])
def test_a_label_in_capitals_begins_an_advertisement(label: str) -> None:
    ad = f"<p>{label} Your cabin is warm when you come: Lumo rings the stove from the car.</p>"
    blocks = read(html(f"{STORIES}{ad}{STORIES}{FOOTER}")).blocks

    assert [block.cut for block in blocks if "Lumo" in block.text] == [Cut.SPONSOR]


def test_a_sentence_about_advertising_is_told() -> None:
    news = "<p>Advertisements. That is what the council found below the old paper of the hall.</p>"
    blocks = read(html(f"{STORIES}{news}{STORIES}{FOOTER}")).blocks

    assert [block.cut for block in blocks if "old paper" in block.text] == [None]


@pytest.mark.parametrize("title", ["For sale, wanted, swap", "Wanted and for sale"])
def test_small_ads_below_a_list_of_their_first_words_are_cut(title: str) -> None:
    ads = "<p>A bicycle with a bell, 60 euros. Krause, Mill Lane.</p><p>Two rooms for two quiet cats.</p>"
    blocks = read(html(f"{STORIES}<h3>{title}</h3>{ads}<h3>Tarn</h3>{STORIES}{FOOTER}")).blocks

    assert all(block.cut for block in blocks if "bell" in block.text or "cats" in block.text)


def test_items_without_a_price_or_a_telephone_are_told() -> None:
    poem = "<p>For sale: the wind of March, and what it left.</p><p>Wanted: a door for it.</p>"
    blocks = read(html(f"{STORIES}<h3>Small ads</h3>{poem}<h3>Tarn</h3>{STORIES}{FOOTER}")).blocks

    assert [block.cut for block in blocks if "wind" in block.text or "door" in block.text] == [
        None
    ] * 2


@pytest.mark.parametrize(
    ("line", "is_cut"),
    [
        ("The office is closed on Wednesday; ring Maureen on 01632 960 441.", True),
        ("Wanted: a piano stool for a tall child, 01632 960 441.", True),
        ("The swimming hall closed its doors on Friday, and 312 children lost their club.", False),
        ("The lottery paid 14 million pounds to a baker from Arden.", False),
    ],
)
def test_an_arrangement_with_a_telephone_number_is_cut(line: str, is_cut: bool) -> None:
    page = html(f"{STORIES}{STORIES}{STORIES}<p>{line}</p>{FOOTER}")

    assert [block.cut is not None for block in read(page).blocks if block.text == line] == [is_cut]

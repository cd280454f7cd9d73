"""Stories about prices, discounts, donors, prizes and money raised are told, also beside advertisements."""

import pytest
from audiobrew.mail.newsletter import Cut

from tests.mail.mails import html, read
from tests.mail.test_boilerplate import link

# Paragraphs that give a mail its language.
PLAIN = {
    "en": (
        "The council has voted to rebuild the north pier after"
        " two winters of storm damage, and work begins in spring."
    ),
    "de": (
        "Der Rat hat beschlossen, die nördliche Mole"
        " nach zwei Wintern mit Sturmschäden wieder aufzubauen."
    ),
    "fr": (
        "Le conseil a voté la reconstruction de la jetée"
        " nord après deux hivers de tempêtes, dès le printemps."
    ),
    "it": (
        "Il consiglio ha votato la ricostruzione del"
        " molo nord dopo due inverni di tempeste, da primavera."
    ),
    "nl": (
        "De raad heeft besloten de noordelijke pier na twee"
        " winters vol stormschade te herbouwen, vanaf het voorjaar."
    ),
    "da": (
        "Byrådet har vedtaget at genopbygge den nordlige mole"
        " efter to vintre med stormskader, og arbejdet begynder snart."
    ),
    "sv": (
        "Kommunen har beslutat att bygga upp den norra piren"
        " efter två vintrar med stormskador, och arbetet börjar snart."
    ),
    "pl": (
        "Rada przegłosowała odbudowę północnego mola po"
        " dwóch zimach sztormów, a prace zaczną się wiosną."
    ),
    "ja": (
        "町議会は、二度の冬の嵐で壊れた北の桟橋を建て直すことを"
        "決めました。工事は春に始まり、地元の業者が請け負います。"
    ),
    "ru": (
        "Совет решил восстановить северный пирс после"
        " двух зим со штормами, и работы начнутся весной."
    ),
    "tr": (
        "Meclis, iki kış süren fırtına hasarından sonra"
        " kuzey iskelesinin yeniden yapılmasına karar verdi."
    ),
    "ko": (
        "의회는 두 번의 겨울 폭풍으로 무너진 북쪽"
        " 방파제를 다시 짓기로 의결했고, 공사는 봄에 시작합니다."
    ),
    "zh": "议会投票决定重建两个冬天里被风暴损坏的北码头，工程将于春天由本地施工队开始。",
    "cs": "Zastupitelstvo schválilo obnovu severního mola po dvou zimách bouří a práce začnou na jaře.",
}
STORIES = [
    ("en", "The chain gave a 20% discount on own-brand milk"
     " from Monday. A pint now costs 95p instead of £1.10."),
    ("en", "Salt Roads by Mara Dunn (Arden Press, £18.99) is"
     " out now. It follows a smuggler who could not swim."),
    ("en", "The Times offers subscribers a $1 plan for six"
     " months, half price, to win readers back from apps."),
    ("de", "Die Zeitung verliert Leser. Abonnenten bekommen"
     " drei Monate gratis und einen Gutschein über 20 Euro."),
    ("de", "6. Mai, Bremen: Thementag zu Feuchte in flachen Dächern. Preis für Mitglieder: 45 Euro."),
    ("fr", "L'entrée du festival est à 12 euros, gratuite pour"
     " les abonnés, avec 20 % de réduction pour les étudiants."),
    ("fr", "La commune rembourse la moitié de votre cuve, dans la limite de 100 €."
     " Gardez la facture et déposez votre dossier avant le 30 juin."),
    ("it", "Le ferrovie offrono uno sconto del 30% agli"
     " abbonati: il mensile passa da 90 euro a 63 euro."),
    ("nl", "Albert Heijn geeft 25% korting op brood. Een"
     " brood kost nu 1,79 euro in plaats van 2,40 euro."),
    ("da", "6. maj, Aarhus: Temadag om fugt i flade tage. Pris for medlemmer: 1.450 kr."),
    ("sv", "Ica ger 20 procent rabatt på smör. Ett paket kostar 39 kronor i stället för 52 kronor."),
    ("pl", "Koleje dają 30% zniżki dla studentów. Bilet"
     " do Gdańska kosztuje teraz 39 zł zamiast 56 zł."),
    ("ja", "駅前のスーパーが牛乳を20%割引の百五十円で売"
     "り始めました。会員は無料で配送も受けられます。"),
    ("ru", "Железная дорога вводит скидку 30% для студентов."
     " Билет стоит теперь 900 рублей вместо 1300 рублей."),
    ("tr", "Zincir marketler sütte yüzde 20 indirim"
     " yaptı, litresi 33 TL oldu. Üyelere teslimat ücretsiz."),
    ("ko", "대형마트가 우유를 20% 할인해 2,400원에"
     " 팔기 시작했고, 구독 회원에게는 무료 배송을 제공합니다."),
    ("zh", "超市把牛奶打八折，优惠20%，每盒只要12"
     "元，会员免费送货，对面的商店第二天也跟进了。"),
    ("cs", "Dráhy dávají 30% slevu studentům. Jízdenka do Brna stojí nyní 190 Kč a děti jezdí zdarma."),
]  # fmt: skip


def cut_of(page: str, text: str) -> Cut | None:
    return next(block.cut for block in read(html(page)).blocks if block.text.startswith(text))


@pytest.mark.parametrize(("language", "story"), STORIES)
@pytest.mark.parametrize("form", ["<p>{}</p>", "<ul><li>{}</li></ul>", "<h2>Arden</h2><p>{}</p>"])
@pytest.mark.parametrize("more", ["", f" {link('Arden Post')}"])
def test_news_of_prices_is_told(language, story, form, more):
    plain = PLAIN[language]
    page = f"<h2>Corve</h2><p>{plain}</p>{form.format(story + more)}<h2>Brook</h2><p>{plain} 2</p>"

    assert cut_of(page, story) is None


@pytest.mark.parametrize(
    ("language", "label", "title", "story"),
    [
        ("ja", "[PR]", "おたより",
         "「先週の銭湯の記事、父が若い頃に焚いていた釜でした」（宮前・しじみさん）"),
        ("en", "Advertisement", "A bakery wins",
         "The bakery on Mill Lane has won the county prize of £5,000."),
        ("de", "Anzeige", "Die Helfer",
         "Dank an 60 Freiwillige, die mit der Feuerwehr den Deich gesichert haben."),
        ("fr", "Publicité", "Une levée de fonds",
         "Alvéole lève 8 millions d'euros, avec le soutien de la Banque."),
        ("pl", "Reklama", "Książka tygodnia",
         "„Sól” Mary Dunn (320 stron, 49 zł) jest już w księgarniach."),
        ("ru", "Реклама", "Волонтёры",
         "Спасибо 60 волонтёрам, которые бесплатно починили крышу музея."),
    ],
)  # fmt: skip
def test_a_label_before_and_behind_an_advertisement_leaves_the_next_story(
    language, label, title, story
):
    plain = PLAIN[language]
    page = (
        f"<h2>Corve</h2><p>{plain}</p><p>{label}</p><p>{link('Acme Tools')}</p><p>{label}</p>"
        f"<h2>{title}</h2><p>{story}</p><h2>Brook</h2><p>{plain} 2</p>"
    )

    assert cut_of(page, "Acme Tools") is Cut.SPONSOR
    assert cut_of(page, title) is None
    assert cut_of(page, story) is None


def test_two_advertisements_with_the_same_label_are_both_cut():
    style = "background:#000;color:#fff;padding:9px"
    button = f"<p><a href='https://shop.example/' style='{style}'>Order now</a></p>"
    page = (
        f"<h2>Corve</h2><p>{PLAIN['en']}</p><p>Advertisement</p><p>Acme makes saws that last.</p>{button}"
        f"<p>Advertisement</p><h3>Ingot</h3><p>A bank without branches.</p>{button}"
        f"<h2>Brook</h2><p>{PLAIN['en']} 2</p>"
    )

    assert cut_of(page, "A bank without") is Cut.SPONSOR


@pytest.mark.parametrize("title", ["1. Letters", "2. Wind", "3) おたより"])
def test_a_numbered_title_is_no_date(title):
    page = f"<h2>{title}</h2><p>{PLAIN['en']}</p><h2>Brook</h2><p>{PLAIN['en']} 2</p>"

    assert cut_of(page, title) is None


@pytest.mark.parametrize(
    "line", ["💡 Anzeige: Acme berät Sie kostenlos.", "📣 Anzeige: Ingot, die Bank ohne Filialen."]
)
def test_a_label_behind_a_pictogram_is_a_label(line):
    page = f"<h2>Corve</h2><p>{PLAIN['de']}</p><p>{line}</p><h2>Brook</h2><p>{PLAIN['de']} 2</p>"

    assert cut_of(page, line) is Cut.SPONSOR


@pytest.mark.parametrize(
    "title",
    [
        "Special offer", "Friends of the river", "Promotion for Harbour United", "The deal", "Deals",
        "Promotion", "Partners", "Ads", "Our friends", "Ways to help", "Sonderangebot", "Offre spéciale",
        "Oferta especial", "Speciale aanbieding", "Share", "Comment", "Contents", "Inside", "Volume 2",
    ],
)  # fmt: skip
@pytest.mark.parametrize("tag", ["h2", "h3"])
def test_a_title_of_words_for_offers_or_navigation_is_told_with_its_story(title, tag):
    story = "The town reopened the old lock after forty years, and a hundred boats came through it."
    page = (
        f"<h2>Corve</h2><p>{PLAIN['en']}</p><{tag}>{title}</{tag}><p>{story}</p>"
        f"<h2>Brook</h2><p>{PLAIN['en']} 2</p><p>Advertisement</p><p>{link('Acme saws')}</p>"
    )

    assert cut_of(page, title) is None
    assert cut_of(page, story) is None


@pytest.mark.parametrize(
    ("language", "label"), [("en", "Advertisement"), ("de", "Anzeige"), ("tr", "Reklam")]
)
def test_an_advertisement_of_links_alone_ends_at_the_next_title_of_a_story(language, label):
    plain = PLAIN[language]
    page = (
        f"<h2>Corve</h2><p>{plain}</p><p>{label}</p><p>{link('Acme saws that last')}</p>"
        f"<p>{link('Acme Tools')}</p><h2>Arden</h2><p>{plain} 1</p><h2>Brook</h2><p>{plain} 2</p>"
    )

    assert cut_of(page, "Acme saws") is Cut.SPONSOR
    assert cut_of(page, "Arden") is None
    assert cut_of(page, f"{plain} 1") is None


def test_rates_and_prices_below_a_title_are_no_offer():
    rows = "<tr><td>Dólar</td><td>R$ 5,38</td></tr><tr><td>Bitcoin</td><td>US$ 119.300</td></tr>"
    story = (
        "A moeda fechou em R$ 5,38, o menor valor em catorze meses, depois da inflação mais fraca."
    )
    page = (
        f"<p>Apresentado por Banco Aroeira</p><h2>A greve acabou</h2><p>{story}</p>"
        f"<h2>Dólar abaixo de R$ 5,40</h2><p>{story} Quem vai viajar comemora.</p><table>{rows}</table>"
        f"<h2>O papagaio</h2><p>{story} 2</p>"
    )

    assert cut_of(page, "Dólar abaixo") is None
    assert cut_of(page, "Dólar:") is None


def test_a_headline_above_its_reading_time_is_told():
    line = "A statistician reads the fine print so that you need not"
    page = (
        f"<h2>Corve</h2><p>{PLAIN['en']}</p><h2>What a trial can tell you</h2><h3>{line}</h3>"
        f"<p>9 min read</p><h2>Brook</h2><p>{PLAIN['en']} 2</p>"
    )

    assert cut_of(page, line) is None


@pytest.mark.parametrize(
    ("language", "title", "story"),
    [
        ("en", "Tip", "Share your password with nobody. Forward suspicious emails to your bank."),
        (
            "en",
            "Survey",
            "Vote early, said the mayor, and vote often. Our poll shows what you vote on.",
        ),
        (
            "de",
            "Tipp",
            "Teilen Sie Ihr Passwort mit niemandem und leiten Sie verdächtige Mails weiter.",
        ),
        (
            "en",
            "Travel",
            "If you buy your ticket before May, the fare drops 20% off the normal price.",
        ),
        (
            "en",
            "Money",
            "You get £500 from the state when you install a heat pump, and the offer ends soon.",
        ),
    ],
)
def test_advice_and_prices_below_a_title_are_told(language, title, story):
    plain = PLAIN[language]
    page = (
        f"<h2>Corve</h2><p>{plain}</p><h2>{title}</h2><p>{story}</p><h2>Brook</h2><p>{plain} 2</p>"
        f"<h2>Dunn</h2><p>{plain} 3</p><p>{plain} 4</p>"
    )

    assert cut_of(page, title) is None
    assert cut_of(page, story) is None


def test_thanks_to_people_with_a_link_are_told():
    story = "Thanks to everyone who came to our harvest supper on Saturday. We raised £2,300."
    page = (
        f"<h2>Corve</h2><p>{PLAIN['en']}</p><h2>Event</h2><p>{story} {link('Pictures')}</p>"
        f"<h2>Brook</h2><p>{PLAIN['en']} 2</p>"
    )

    assert cut_of(page, story) is None


def test_who_pays_for_the_printing_of_a_letter_is_a_sponsor():
    line = "Brook Road Garage pays for the printing of our leaflet."
    page = f"<h2>Corve</h2><p>{PLAIN['en']}</p><p>{line}</p><h2>Brook</h2><p>{PLAIN['en']} 2</p>"

    assert cut_of(page, line) is Cut.SPONSOR


def test_a_name_above_a_title_and_its_reading_time_is_a_credit():
    page = (
        f"<p>Eleni Voss in Paper Trails</p><h2>I Read a Lease</h2><p>{PLAIN['en']}</p><p>7 min read</p>"
        f"<h2>Brook</h2><p>{PLAIN['en']} 2</p>"
    )

    assert cut_of(page, "Eleni") is Cut.NAVIGATION
    assert cut_of(page, "I Read") is None
